#include "server/http/core.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "config/config.h"
#include "server/http/response.h"

namespace shoal::http {
namespace {

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

void refuse(const Descriptor& socket) {
  std::string text;
  append_refusal(text, 503, "too many connections: see --max-connections");
  ::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
  ::shutdown(socket.number(), SHUT_WR);
  // Unread input would turn the close into a reset, and the client would not see the answer.
  char input[4096];
  ::recv(socket.number(), input, sizeof input, 0);
}

}  // namespace

Core::Core(const Backend& backend, std::atomic<std::uint32_t>& connections)
    : connections_(connections),
      tick_(tick_for(backend.services.config)),
      surroundings_{backend, ticks_, loop_, session_count_} {
  const Config& config = backend.services.config;
  ticks_.idle = ticks_in(config.idle_timeout_ms, tick_);
  ticks_.head = ticks_in(config.header_timeout_ms, tick_);
  ticks_.body = ticks_in(config.body_timeout_ms, tick_);
}

void Core::run() {
  for (auto& acceptor : acceptors_) acceptor.start();
  loop_.run();
}

void Core::Acceptor::accept() {
  while (socket_) {
    Descriptor accepted(accept4(socket_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted) {
      core_.admit(std::move(accepted));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return pause(errno);
    }
  }
}

void Core::Acceptor::pause(int failure) {
  spdlog::warn("cannot accept a connection: {}", std::strerror(failure));
  if (!core_.stopping_) core_.loop_.call_at(std::chrono::steady_clock::now() + kAcceptPause, accept_task_);
}

void Core::Acceptor::stop() {
  accept();
  core_.loop_.cancel(accept_task_);
  socket_.close();
}

void Core::admit(Descriptor socket) {
  if (connections_.fetch_add(1) >= surroundings_.backend.services.config.max_connections) {
    connections_.fetch_sub(1);
    refuse(socket);
    return;
  }
  auto session = std::make_unique<Session>(surroundings_, std::move(socket), [this](Session& over) { end(over); });
  auto& admitted = *sessions_.emplace(session.get(), std::move(session)).first->second;
  ++session_count_;
  try {
    admitted.start();
  } catch (const std::exception& failure) {
    spdlog::warn("cannot serve a connection: {}", failure.what());
    admitted.close();
    return;
  }
  if (stopping_) admitted.stop();
  if (!sweeping_) schedule_sweep();
}

void Core::end(Session& session) {
  const auto found = sessions_.find(&session);
  if (dead_.empty()) loop_.post(bury_task_);
  dead_.push_back(std::move(found->second));
  sessions_.erase(found);
  --session_count_;
  connections_.fetch_sub(1);
}

// The last connection of a stopping server takes the loop with it.
void Core::bury() {
  dead_.clear();
  if (stopping_ && sessions_.empty()) loop_.quit();
}

// The clock of all timeouts stands still while there is no connection: an idle server does not wake up.
void Core::schedule_sweep() {
  sweeping_ = true;
  loop_.call_at(std::chrono::steady_clock::now() + tick_, sweep_task_);
}

void Core::sweep() {
  sweeping_ = false;
  ++ticks_.now;
  for (auto* session : all_sessions()) session->sweep();
  if (!sessions_.empty()) schedule_sweep();
}

void Core::stop_now() {
  // Who connected before the order to stop is served.
  for (auto& acceptor : acceptors_) acceptor.stop();
  stopping_ = true;
  for (auto* session : all_sessions()) session->stop();
  if (sessions_.empty() && dead_.empty()) loop_.quit();
}

void Core::close_now() {
  for (auto* session : all_sessions()) session->close();
}

// Sessions that end leave the map: what goes through them goes through a copy.
std::vector<Session*> Core::all_sessions() const {
  std::vector<Session*> all;
  all.reserve(sessions_.size());
  for (const auto& [session, _] : sessions_) all.push_back(session);
  return all;
}

}  // namespace shoal::http
