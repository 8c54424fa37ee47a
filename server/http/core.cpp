#include "server/http/core.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

#include "config/config.h"
#include "server/http/response.h"

namespace shoal::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kTickMax{1000};
constexpr milliseconds kTickMin{10};
constexpr milliseconds kAcceptPause{100};  // After an accept that failed: for want of file descriptors, mostly.

// Deadlines are met within two ticks: short timeouts want short ticks.
milliseconds tick_for(const Config& config) {
  const milliseconds shortest(std::min({config.header_timeout_ms, config.body_timeout_ms, config.idle_timeout_ms}));
  return std::clamp(shortest / 4, kTickMin, kTickMax);
}

std::uint64_t ticks_in(std::uint32_t timeout_ms, milliseconds tick) {
  return (timeout_ms + static_cast<std::uint64_t>(tick.count()) - 1) / static_cast<std::uint64_t>(tick.count());
}

}  // namespace

Core::Core(const Backend& backend, std::atomic<std::uint32_t>& connections)
    : backend_(backend),
      connections_(connections),
      tick_(tick_for(backend.services.config)),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),  // Only run()'s thread touches the sockets; others only post.
      work_(context_.get_executor()),
      sweep_timer_(context_.get_executor()) {
  const Config& config = backend.services.config;
  ticks_.idle = ticks_in(config.idle_timeout_ms, tick_);
  ticks_.head = ticks_in(config.header_timeout_ms, tick_);
  ticks_.body = ticks_in(config.body_timeout_ms, tick_);
}

void Core::run() {
  for (auto& acceptor : acceptors_) asio::co_spawn(context_, accept(acceptor), asio::detached);
  while (true) {
    try {
      context_.run();
      return;
    } catch (const std::exception& bug) {
      spdlog::error("a connection thread: {}", bug.what());
    }
  }
}

void Core::stop() {
  asio::post(context_, [this] {
    stopping_ = true;
    error_code ignored;
    for (auto& acceptor : acceptors_) acceptor.cancel(ignored);
    for (auto* session : sessions_) session->stop();
    work_.reset();
  });
}

void Core::close_connections() {
  asio::post(context_, [this] {
    for (auto* session : sessions_) session->close();
  });
}

Awaitable<void> Core::accept(Acceptor& acceptor) {
  Timer pause(context_.get_executor());
  while (!stopping_) {
    auto [failure, socket] = co_await acceptor.async_accept(kAsTuple);
    if (!failure) {
      admit(std::move(socket));
    } else if (failure != asio::error::operation_aborted && failure != asio::error::connection_aborted) {
      spdlog::warn("cannot accept a connection: {}", failure.message());
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAsTuple);
    }
  }
  // Who connected before the order to stop is served.
  error_code failure;
  acceptor.non_blocking(true, failure);
  while (!failure) {
    Socket socket(context_.get_executor());
    acceptor.accept(socket, failure);
    if (!failure) admit(std::move(socket));
  }
  acceptor.close(failure);
}

void Core::admit(Socket socket) {
  if (connections_.fetch_add(1) >= backend_.services.config.max_connections) {
    connections_.fetch_sub(1);
    refuse(std::move(socket));
    return;
  }
  asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
}

void Core::refuse(Socket socket) {
  std::string text;
  append_refusal(text, 503, "too many connections: see --max-connections");
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
  // Unread input would turn the close into a reset, and the client would not see the answer.
  char input[4096];
  socket.read_some(asio::buffer(input), ignored);
}

Awaitable<void> Core::serve(Socket socket) {
  try {
    Session session(backend_, ticks_, std::move(socket));
    begin(session);
    try {
      co_await session.run();
    } catch (const std::exception& bug) {
      spdlog::error("a connection: {}", bug.what());
    }
    end(session);
  } catch (const std::exception& bug) {
    spdlog::error("a connection: {}", bug.what());
  }
  connections_.fetch_sub(1);
}

void Core::begin(Session& session) {
  sessions_.insert(&session);
  if (stopping_) session.stop();
  if (!sweeping_) schedule_sweep();
}

void Core::end(Session& session) {
  sessions_.erase(&session);
  if (sessions_.empty()) sweep_timer_.cancel();
}

// The clock of all timeouts stands still while there is no connection: an idle server does not wake up.
void Core::schedule_sweep() {
  sweeping_ = true;
  sweep_timer_.expires_after(tick_);
  sweep_timer_.async_wait([this](error_code) { sweep(); });
}

void Core::sweep() {
  sweeping_ = false;
  ++ticks_.now;
  for (auto* session : sessions_) session->sweep();
  if (!sessions_.empty()) schedule_sweep();
}

}  // namespace shoal::http
