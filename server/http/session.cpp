#include "server/http/session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>

#include "server/http/response.h"

namespace shoal::http {
namespace {

constexpr std::size_t kInputBytesFirst = 8 * 1024;
constexpr std::size_t kInputBytesMax = 64 * 1024;     // Holds all headers at their largest; bodies pass through.
constexpr std::size_t kOutputBytesHeld = 64 * 1024;   // Answers of a pipeline wait for each other up to here.
constexpr std::size_t kOutputBytesKept = 256 * 1024;  // A larger buffer is not kept for the next answer.
constexpr std::size_t kLingerBytesMax = 64 * 1024 * 1024;
constexpr int kReadsInTurnMax = 16;  // Then it is other connections' turn.

}  // namespace

Session::Session(const Surroundings& surroundings, Descriptor socket, std::function<void(Session&)> ended)
    : around_(surroundings), socket_(std::move(socket)), ended_(std::move(ended)), exchange_(surroundings.backend) {
  const int on = 1;
  setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Session::start() {
  wait(input_deadline());
  around_.loop.watch(socket_, *this);
}

void Session::on_ready(Readiness readiness) {
  readable_ = readable_ || readiness.readable;
  writable_ = writable_ || readiness.writable;
  input_ended_ = input_ended_ || readiness.ended;
  go_on_guarded();
}

void Session::go_on_guarded() {
  reads_in_turn_ = 0;
  waiting_ = false;
  try {
    go_on();
  } catch (const std::exception& bug) {
    spdlog::error("a connection: {}", bug.what());
    finish();
  }
}

// Until there is something to wait for.
void Session::go_on() {
  while (true) {
    switch (state_) {
      case State::serving:
        serve();
        break;
      case State::sending:
        if (!send()) return;
        break;
      case State::reading:
        if (!read()) return;
        break;
      case State::lingering:
        return linger();
      case State::settling:
        settle();
        break;
      case State::committing:
      case State::held_back:
      case State::over:
        return;
    }
  }
}

void Session::serve() {
  if (!take_input()) {
    state_ = State::sending;
    return;
  }
  request_ = reader_.request();
  if (stopping_) request_.keep_alive = false;
  if (const kv::Body* body = exchange_.start(request_, out_)) return commit(*body);
  answered();
}

// Whether a whole request is there.
bool Session::take_input() {
  if (begin_ != end_) {
    if (!begun_) head_deadline_ = around_.ticks.now + around_.ticks.head;
    begun_ = true;
    begin_ += reader_.feed({input_.get() + begin_, end_ - begin_});
  }
  switch (reader_.state()) {
    case RequestReader::State::complete:
      return true;
    case RequestReader::State::refused:
      refuse_as_reader_says();
      break;
    case RequestReader::State::body:
      if (reader_.expects_continue() && !continued_) {
        append_continue(out_);
        continued_ = true;
      }
      break;
    case RequestReader::State::head:
      break;
  }
  needs_input_ = true;
  return false;
}

void Session::answered() {
  if (exchange_.delay().count() > 0 && !stopping_) return hold_back(exchange_.delay());
  next_request();
}

// More of a pipeline may be here already: its answers go out together.
void Session::next_request() {
  closing_ = !request_.keep_alive;
  if (!closing_) {
    reader_.next();
    begun_ = continued_ = false;
  }
  state_ = closing_ || out_.size() >= kOutputBytesHeld ? State::sending : State::serving;
}

void Session::hold_back(std::chrono::milliseconds delay) {
  state_ = State::held_back;
  around_.loop.call_at(std::chrono::steady_clock::now() + delay, end_hold_task_);
}

void Session::end_hold() {
  next_request();
  go_on_guarded();
}

void Session::commit(const kv::Body& body) {
  state_ = State::committing;
  const auto done = [this](std::exception_ptr failure) {
    failure_ = std::move(failure);
    around_.loop.post(committed_task_);
  };
  // Nobody waits for a core's only connection but its own client, who waits for the disk either way.
  const bool alone = around_.connections == 1;
  around_.backend.services.engine.submit(body, done,
                                         alone ? kv::Submitter::serves_nobody : kv::Submitter::serves_others);
}

void Session::committed() {
  state_ = State::settling;
  go_on_guarded();
}

void Session::settle() {
  if (closed_) return finish();
  const kv::Body* body = exchange_.settle(std::exchange(failure_, nullptr), out_);
  if (body != nullptr) return commit(*body);
  answered();
}

void Session::refuse(int status, std::string_view reason) {
  refused_ = closing_ = true;
  append_refusal(out_, status, reason);
  state_ = State::sending;
}

void Session::refuse_as_reader_says() {
  constexpr char kTlsHandshake = 0x16;
  if (reader_.refusal() == RequestReader::Refusal::too_large) {
    refused_ = closing_ = true;
    append_too_large(out_, false);
  } else if (input_[0] == kTlsHandshake) {
    refuse(400, "This port speaks plain HTTP: use an endpoint that begins with http://");
  } else {
    refuse(400, reader_.refusal_reason());
  }
}

// False: it waits for the client, or the connection is over.
bool Session::send() {
  while (sent_ < out_.size()) {
    if (!writable_) return wait(around_.ticks.now + around_.ticks.body);
    const auto count = ::send(socket_.number(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (count >= 0) {
      sent_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      writable_ = false;
    } else if (errno != EINTR) {
      finish();
      return false;
    }
  }
  sent_ = 0;
  if (out_.capacity() > kOutputBytesKept) std::string().swap(out_);
  out_.clear();
  if (closing_) {
    all_said();
  } else {
    state_ = needs_input_ ? State::reading : State::serving;
  }
  return state_ != State::over;
}

// False as send().
bool Session::read() {
  if (!make_room()) {
    refuse(400, "a line or a header is too long");
    return true;
  }
  // A request may have arrived just before the order to stop.
  const bool last_look = stopping_ && !begun_;
  if (!readable_ && !last_look) return wait(input_deadline());
  if (++reads_in_turn_ > kReadsInTurnMax) {
    around_.loop.post(go_on_task_);
    return wait(input_deadline());
  }
  std::size_t count = 0;
  if (!read_socket(input_.get() + end_, capacity_ - end_, count)) {
    finish();
    return false;
  }
  if (count == 0) {
    if (!last_look) return wait(input_deadline());
    finish();
    return false;
  }
  end_ += count;
  needs_input_ = false;
  state_ = State::serving;
  return true;
}

// False: the client sends no more. No bytes: there are none yet.
bool Session::read_socket(char* room, std::size_t size, std::size_t& count) {
  ssize_t got = 0;
  do {
    got = ::recv(socket_.number(), room, size, 0);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return false;
  if (got < 0) {
    readable_ = false;
    return errno == EAGAIN || errno == EWOULDBLOCK;
  }
  count = static_cast<std::size_t>(got);
  // Less than there was room for: that was all, and the loop will tell of more (epoll(7), question 9). But it has told
  // of the end.
  if (count < size && !input_ended_) readable_ = false;
  return true;
}

bool Session::wait(std::uint64_t deadline) {
  waiting_ = true;
  deadline_ = deadline;
  return false;
}

std::uint64_t Session::input_deadline() const {
  const auto& ticks = around_.ticks;
  if (!begun_) return ticks.now + ticks.idle;
  return reader_.state() == RequestReader::State::head ? head_deadline_ : ticks.now + ticks.body;
}

// Makes place behind `end_`; false when the reader cannot do with as much as there may be.
bool Session::make_room() {
  const bool was_full = end_ == capacity_;
  const std::size_t left = end_ - begin_;
  if (was_full && left == kInputBytesMax) return false;
  if (was_full && capacity_ < kInputBytesMax) {
    const std::size_t grown = std::max(kInputBytesFirst, 2 * capacity_);
    auto larger = std::make_unique_for_overwrite<char[]>(grown);
    std::copy_n(input_.get() + begin_, left, larger.get());
    input_ = std::move(larger);
    capacity_ = grown;
  } else if (left > 0) {
    std::copy_n(input_.get() + begin_, left, input_.get());
  }
  begin_ = 0;
  end_ = left;
  return true;
}

// Closing at once would reset a connection whose client still sends, and it would never see why it was refused.
void Session::all_said() {
  ::shutdown(socket_.number(), SHUT_WR);
  if (!refused_) return finish();
  state_ = State::lingering;
  if (!make_room()) begin_ = end_ = 0;
  wait(around_.ticks.now + around_.ticks.head);
}

void Session::linger() {
  while (readable_ && lingered_bytes_ < kLingerBytesMax) {
    std::size_t count = 0;
    if (!read_socket(input_.get(), capacity_, count)) return finish();
    lingered_bytes_ += count;
  }
  if (lingered_bytes_ >= kLingerBytesMax) return finish();
  wait(deadline_);
}

void Session::sweep() {
  if (!waiting_ || around_.ticks.now <= deadline_) return;
  waiting_ = false;
  if (state_ != State::reading || !begun_) return finish();
  refuse(408, "the request did not arrive in time");
  go_on_guarded();
}

void Session::stop() {
  stopping_ = true;
  request_.keep_alive = false;
  if (state_ == State::held_back) {
    around_.loop.cancel(end_hold_task_);
    end_hold();
  } else if (state_ == State::reading && !begun_) {
    go_on_guarded();
  }
}

void Session::close() {
  stopping_ = closed_ = true;
  request_.keep_alive = false;
  if (state_ != State::committing) finish();
}

void Session::finish() {
  if (state_ == State::over) return;
  if (state_ == State::held_back) around_.loop.cancel(end_hold_task_);
  state_ = State::over;
  waiting_ = false;
  socket_.close();
  ended_(*this);
}

}  // namespace shoal::http
