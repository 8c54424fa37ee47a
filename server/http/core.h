// One thread's share of the server: its io_context, its acceptors, and the connections they accepted, for their life.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <unordered_set>

#include "server/http/session.h"

namespace shoal::http {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

class Core {
 public:
  // `connections` counts those of all cores.
  Core(const Backend& backend, std::atomic<std::uint32_t>& connections);

  // Before run(): a socket that listens.
  Acceptor& add_acceptor() { return acceptors_.emplace_back(context_.get_executor()); }
  Acceptor& last_acceptor() { return acceptors_.back(); }
  void drop_acceptor() { acceptors_.pop_back(); }

  void run();  // On the calling thread; returns after stop(), when the last connection is over.

  // From any thread.
  void stop();
  void close_connections();

 private:
  Awaitable<void> accept(Acceptor& acceptor);
  Awaitable<void> serve(Socket socket);
  void admit(Socket socket);
  void refuse(Socket socket);
  void begin(Session& session);
  void end(Session& session);
  void schedule_sweep();
  void sweep();

  const Backend& backend_;
  std::atomic<std::uint32_t>& connections_;
  std::chrono::milliseconds tick_;
  Ticks ticks_;
  bool stopping_ = false;
  bool sweeping_ = false;

  boost::asio::io_context context_;  // Last to be made of what its handlers use, so first to go.
  boost::asio::executor_work_guard<Executor> work_;
  Timer sweep_timer_;
  std::list<Acceptor> acceptors_;
  std::unordered_set<Session*> sessions_;
};

}  // namespace shoal::http
