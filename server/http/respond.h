// From a request to its answer, in production's order of checks: method, content type, JSON, target, signature, model,
// operation. The one place that renders answers and errors; nothing that an operation does gets past it.
//
// It never waits. What has to be committed first it hands back, and is told of the outcome:
//
//   const kv::Body* body = exchange.start(request, out);
//   while (body != nullptr) body = exchange.settle(co_await commit(engine, *body), out);
//   // the answer's bytes have been appended to `out`
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <string>

#include "server/auth/credentials.h"
#include "server/http/cors.h"
#include "server/http/request.h"
#include "server/http/routes.h"
#include "server/operations/operation.h"

namespace shoal::http {

// What all connections answer from.
struct Backend {
  Backend(const Services& all, Authenticator& callers, const FindOperation& find)
      : services(all), authenticator(callers), routes(find, *all.requests), cors(all.config.cors_origins) {}

  const Services& services;
  Authenticator& authenticator;
  Routes routes;
  Cors cors;
};

// The region of all calls with --shared-regions.
inline constexpr std::string_view kSharedRegion = "us-east-1";

// One connection's requests, one after the other, in buffers that are used again.
class Exchange {
 public:
  explicit Exchange(const Backend& backend);
  ~Exchange();

  // Appends the answer to `out`; or returns what has to be committed before there is one. `request` and the exchange
  // must then stay as they are until settle() has been called.
  const kv::Body* start(const Request& request, std::string& out);

  // The engine is done with that body, or failed with `failure`. Answers, or returns what is to be committed instead.
  const kv::Body* settle(std::exception_ptr failure, std::string& out);

  // How long the answer that was just appended is to be held back; by faults on demand only.
  std::chrono::milliseconds delay() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal::http
