// One connection, from its first byte to its last: requests are read, answered in their order, and the next awaited.
//
// It goes on as far as it can whenever something it waits for has come (bytes, room for bytes, a commit), on its core's
// thread; every function here is called on that thread. It sleeps without a timer of its own: the core's sweep looks at
// its deadline a few times a second.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "server/http/event_loop.h"
#include "server/http/request_reader.h"
#include "server/http/respond.h"

namespace shoal::http {

// Time as the core's sweep counts it, and how many of its ticks each wait may last.
struct Ticks {
  std::uint64_t now = 0;
  std::uint64_t idle = 0;
  std::uint64_t head = 0;
  std::uint64_t body = 0;  // Also between two pieces of an answer.
};

// What the sessions of one core share.
struct Surroundings {
  const Backend& backend;
  const Ticks& ticks;
  EventLoop& loop;
  const std::size_t& connections;  // Of the core.
};

class Session final : public Watcher {
 public:
  // `ended` is called once, when the connection is over; the session may be destroyed when the tasks that are posted
  // by then have run.
  Session(const Surroundings& surroundings, Descriptor socket, std::function<void(Session&)> ended);

  void start();
  void on_ready(Readiness readiness) override;

  void sweep();  // After each tick: gives up what waits too long.
  void stop();   // Answers what has begun to arrive, then ends.
  void close();  // Ends as soon as no commit is waited for.

 private:
  enum class State {
    serving,     // There may be a request in the input.
    sending,     // Answers are on their way; what comes then depends.
    reading,     // More input is needed.
    committing,  // The engine has the request.
    settling,    // It is done with it.
    held_back,   // An answer is, by faults on demand.
    lingering,   // All is said; what the client still sends is read and dropped.
    over,
  };

  void go_on();
  void go_on_guarded();
  void serve();
  bool take_input();
  void answered();
  void next_request();
  void hold_back(std::chrono::milliseconds delay);
  void end_hold();
  void commit(const kv::Body& body);
  void committed();
  void settle();
  bool send();
  bool read();
  bool read_socket(char* room, std::size_t size, std::size_t& count);
  bool make_room();
  bool wait(std::uint64_t deadline);
  void linger();
  void refuse(int status, std::string_view reason);
  void refuse_as_reader_says();
  void all_said();
  void finish();
  std::uint64_t input_deadline() const;

  const Surroundings& around_;
  Descriptor socket_;
  std::function<void(Session&)> ended_;
  RequestReader reader_;
  Exchange exchange_;
  Request request_;

  MemberTask<Session> go_on_task_{*this, &Session::go_on_guarded};
  MemberTask<Session> committed_task_{*this, &Session::committed};
  MemberTask<Session> end_hold_task_{*this, &Session::end_hold};
  std::exception_ptr failure_;  // Of the commit.

  std::unique_ptr<char[]> input_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // What is in `input_` and not yet taken by the reader.
  std::string out_;
  std::size_t sent_ = 0;  // Of `out_`.

  State state_ = State::reading;
  bool readable_ = false;  // As far as the loop has told, and reading has not found otherwise.
  bool writable_ = true;
  bool input_ended_ = false;

  bool waiting_ = false;             // For the client, until the deadline:
  std::uint64_t deadline_ = 0;       // in ticks.
  std::uint64_t head_deadline_ = 0;  // Of the next request's headers.
  int reads_in_turn_ = 0;
  std::size_t lingered_bytes_ = 0;

  bool begun_ = false;        // A byte of the next request has come.
  bool continued_ = false;    // Its client has been told "100 Continue".
  bool needs_input_ = false;  // The reader has taken all it can.
  bool refused_ = false;
  bool closing_ = false;  // When all is sent.
  bool stopping_ = false;
  bool closed_ = false;  // By close().
};

}  // namespace shoal::http
