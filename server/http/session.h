// One connection, from its first byte to its last: requests are read, answered in their order, and the next awaited.
//
// A coroutine on its core's thread; every function here is called on that thread. It sleeps without a timer of its own:
// the core's sweep looks at its deadline a few times a second.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "server/http/commit.h"
#include "server/http/request_reader.h"
#include "server/http/respond.h"

namespace shoal::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::steady_timer::rebind_executor<Executor>::other;

// Time as the core's sweep counts it, and how many of its ticks each wait may last.
struct Ticks {
  std::uint64_t now = 0;
  std::uint64_t idle = 0;
  std::uint64_t head = 0;
  std::uint64_t body = 0;  // Also between two pieces of an answer.
};

class Session {
 public:
  Session(const Backend& backend, const Ticks& ticks, Socket socket);

  Awaitable<void> run();  // Until the connection is over.

  void sweep();  // After each tick: gives up what waits too long.
  void stop();   // Answers what has begun to arrive, then ends.
  void close();  // Ends as soon as no commit is waited for.

 private:
  enum class Wait { nothing, request, input, output };

  bool take_input();
  Awaitable<bool> read_more();
  bool read_what_is_there();
  bool make_room();
  const kv::Body* start_answer();
  Awaitable<void> finish_answer(const kv::Body* body);
  Awaitable<void> hold_back(std::chrono::milliseconds delay);
  void refuse(int status, std::string_view reason);
  void refuse_as_reader_says();
  bool send_now();
  Awaitable<bool> send_rest();
  Awaitable<void> end();
  Awaitable<void> linger();
  std::uint64_t input_deadline() const;

  const Backend& backend_;
  const Ticks& ticks_;
  Socket socket_;
  RequestReader reader_;
  Exchange exchange_;
  Request request_;

  std::unique_ptr<char[]> input_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // What is in `input_` and not yet taken by the reader.
  std::string out_;
  std::size_t sent_ = 0;        // Of `out_`.
  Timer* held_back_ = nullptr;  // While an answer is.

  Wait wait_ = Wait::nothing;
  std::uint64_t deadline_ = 0;       // Of that wait, in ticks.
  std::uint64_t head_deadline_ = 0;  // Of the next request's headers.
  bool begun_ = false;               // A byte of the next request has come.
  bool continued_ = false;           // Its client has been told "100 Continue".
  bool expired_ = false;
  bool refused_ = false;
  bool stopping_ = false;
};

}  // namespace shoal::http
