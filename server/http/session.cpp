#include "server/http/session.h"

#include <boost/asio/buffer.hpp>

#include "server/http/response.h"

namespace shoal::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kInputBytesFirst = 8 * 1024;
constexpr std::size_t kInputBytesMax = 64 * 1024;     // Holds all headers at their largest; bodies pass through.
constexpr std::size_t kOutputBytesHeld = 64 * 1024;   // Answers of a pipeline wait for each other up to here.
constexpr std::size_t kOutputBytesKept = 256 * 1024;  // A larger buffer is not kept for the next answer.
constexpr std::size_t kLingerBytesMax = 64 * 1024 * 1024;

}  // namespace

Session::Session(const Backend& backend, const Ticks& ticks, Socket socket)
    : backend_(backend), ticks_(ticks), socket_(std::move(socket)), exchange_(backend) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Awaitable<void> Session::run() {
  while (true) {
    if (take_input()) {
      const kv::Body* body = start_answer();
      if (body != nullptr) co_await finish_answer(body);
      if (exchange_.delay().count() > 0) co_await hold_back(exchange_.delay());
      if (!request_.keep_alive) break;
      reader_.next();
      begun_ = continued_ = false;
      // More of a pipeline may be here already: its answers go out together.
      if (out_.size() < kOutputBytesHeld) continue;
    }
    if (refused_) break;
    if (!send_now() && !co_await send_rest()) co_return;
    if (!co_await read_more()) break;
  }
  co_await end();
}

// Whether a whole request is there.
bool Session::take_input() {
  if (begin_ != end_) {
    if (!begun_) head_deadline_ = ticks_.now + ticks_.head;
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
  return false;
}

const kv::Body* Session::start_answer() {
  request_ = reader_.request();
  if (stopping_) request_.keep_alive = false;
  return exchange_.start(request_, out_);
}

Awaitable<void> Session::finish_answer(const kv::Body* body) {
  while (body != nullptr) {
    auto failure = co_await commit(backend_.services.engine, *body);
    body = exchange_.settle(std::move(failure), out_);
  }
}

// Until the time is over or the server stops.
Awaitable<void> Session::hold_back(std::chrono::milliseconds delay) {
  if (stopping_) co_return;
  Timer timer(socket_.get_executor(), delay);
  held_back_ = &timer;
  co_await timer.async_wait(kAsTuple);
  held_back_ = nullptr;
}

void Session::refuse(int status, std::string_view reason) {
  refused_ = true;
  append_refusal(out_, status, reason);
}

void Session::refuse_as_reader_says() {
  constexpr char kTlsHandshake = 0x16;
  if (reader_.refusal() == RequestReader::Refusal::too_large) {
    refused_ = true;
    append_too_large(out_, false);
  } else if (input_[0] == kTlsHandshake) {
    refuse(400, "This port speaks plain HTTP: use an endpoint that begins with http://");
  } else {
    refuse(400, reader_.refusal_reason());
  }
}

Awaitable<bool> Session::read_more() {
  if (!make_room()) {
    refuse(400, "a line or a header is too long");
    co_return false;
  }
  if (stopping_ && !begun_) co_return read_what_is_there();
  wait_ = begun_ ? Wait::input : Wait::request;
  deadline_ = input_deadline();
  const asio::mutable_buffer room(input_.get() + end_, capacity_ - end_);
  const auto [failure, count] = co_await socket_.async_read_some(room, kAsTuple);
  const bool was_idle = wait_ == Wait::request;
  wait_ = Wait::nothing;
  if (!failure) {
    end_ += count;
    co_return true;
  }
  if (expired_ && !was_idle) refuse(408, "the request did not arrive in time");
  // A request may have arrived just before the order to stop.
  if (stopping_ && was_idle && failure == asio::error::operation_aborted) co_return read_what_is_there();
  co_return false;
}

bool Session::read_what_is_there() {
  error_code failure;
  end_ += socket_.read_some(asio::buffer(input_.get() + end_, capacity_ - end_), failure);
  return !failure;
}

std::uint64_t Session::input_deadline() const {
  if (!begun_) return ticks_.now + ticks_.idle;
  return reader_.state() == RequestReader::State::head ? head_deadline_ : ticks_.now + ticks_.body;
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

// Sends without waiting: nearly always all of it. False when some is left, or the connection is broken.
bool Session::send_now() {
  error_code failure;
  while (sent_ < out_.size() && !failure) {
    sent_ += socket_.write_some(asio::buffer(out_.data() + sent_, out_.size() - sent_), failure);
  }
  if (failure) return false;
  sent_ = 0;
  if (out_.capacity() > kOutputBytesKept) std::string().swap(out_);
  out_.clear();
  return true;
}

// False when the connection is broken, or its client does not take the answer.
Awaitable<bool> Session::send_rest() {
  while (sent_ < out_.size()) {
    wait_ = Wait::output;
    deadline_ = ticks_.now + ticks_.body;
    const asio::const_buffer rest(out_.data() + sent_, out_.size() - sent_);
    const auto [failure, count] = co_await socket_.async_write_some(rest, kAsTuple);
    wait_ = Wait::nothing;
    if (failure) co_return false;
    sent_ += count;
  }
  co_return send_now();
}

Awaitable<void> Session::end() {
  expired_ = false;
  if (!send_now() && !co_await send_rest()) co_return;
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  if (refused_) co_await linger();
  socket_.close(ignored);
}

// Reads on for a while what a refused client still sends: closing at once would reset the connection, and it would
// never see why.
Awaitable<void> Session::linger() {
  if (!make_room()) begin_ = end_ = 0;
  deadline_ = ticks_.now + ticks_.head;
  for (std::size_t bytes = 0; bytes < kLingerBytesMax;) {
    wait_ = Wait::input;
    const auto [failure, count] = co_await socket_.async_read_some(asio::buffer(input_.get(), capacity_), kAsTuple);
    wait_ = Wait::nothing;
    if (failure) break;
    bytes += count;
  }
}

void Session::sweep() {
  if (wait_ == Wait::nothing || ticks_.now <= deadline_) return;
  expired_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void Session::stop() {
  stopping_ = true;
  request_.keep_alive = false;
  error_code ignored;
  if (held_back_ != nullptr) held_back_->cancel();
  if (wait_ == Wait::request) socket_.cancel(ignored);
}

void Session::close() {
  stopping_ = true;
  request_.keep_alive = false;
  error_code ignored;
  if (held_back_ != nullptr) held_back_->cancel();
  socket_.close(ignored);
}

}  // namespace shoal::http
