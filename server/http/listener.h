// Shoal's HTTP server: a thread per core, each with acceptors of its own on the one port, connections that stay on
// their thread, and an orderly end.
//
//   Listener listener(services, *authenticator, find_operation);   // has the port from here on
//   listener.start();
//   ...
//   listener.stop();   // requests in flight are answered first
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "server/auth/credentials.h"
#include "server/http/routes.h"
#include "server/operations/operation.h"

namespace shoal::http {

class Listener {
 public:
  // Takes Config::bind and Config::port. Throws std::runtime_error with a message for the user when it cannot have
  // them. `services` and `authenticator` must outlive it.
  Listener(const Services& services, Authenticator& authenticator, const FindOperation& find);
  ~Listener();  // stop()

  std::uint16_t port() const;
  std::string url() const;  // "http://127.0.0.1:8000"
  bool loopback_only() const;

  void start();
  // Accepts no more, answers what has begun to arrive, and returns when all connections are over; those that take
  // longer than Config::shutdown_timeout_ms are cut, but for a commit they wait for.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal::http
