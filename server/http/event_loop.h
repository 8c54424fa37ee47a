// One thread's epoll: tells watchers what their sockets can do, runs tasks that any thread posts, and tasks whose time
// has come. Everything but post() is called on the thread that runs it, or before that.
//
//   EventLoop loop;
//   loop.watch(socket, watcher);              // watcher.on_ready(...) from now on, at each change
//   loop.call_at(steady_clock::now() + 1s, task);
//   loop.run();                               // until quit()
//
// Edge-triggered (epoll(7)): a watcher is told once that there is something to read, and reads until there is no more.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace shoal::http {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

struct Readiness {
  bool readable;
  bool writable;
  bool ended;  // The other side sends no more, or the connection is broken: reading tells which.
};

class Watcher {
 public:
  virtual void on_ready(Readiness readiness) = 0;

 protected:
  ~Watcher() = default;
};

class Task {
 public:
  virtual void run() = 0;

 protected:
  ~Task() = default;
};

// A member function as a task: MemberTask<Core> sweep_{*this, &Core::sweep};
template <typename Object>
class MemberTask final : public Task {
 public:
  MemberTask(Object& object, void (Object::*function)()) : object_(object), function_(function) {}
  void run() override { (object_.*function_)(); }

 private:
  Object& object_;
  void (Object::*function_)();
};

class EventLoop {
 public:
  using Time = std::chrono::steady_clock::time_point;

  EventLoop();  // Throws std::system_error, as watch() does.

  // Until the descriptor is closed, which is all it takes to stop watching.
  void watch(const Descriptor& descriptor, Watcher& watcher);

  // From any thread: soon, in the order of the posts. A task lives until it has run.
  void post(Task& task);

  void call_at(Time time, Task& task);
  void cancel(Task& task);  // Of call_at.

  void run();
  void quit() { quitting_ = true; }

 private:
  bool run_posted();
  void run_due();
  int milliseconds_to_wait() const;
  void wake();

  Descriptor epoll_;
  Descriptor wakeup_;  // An eventfd.
  bool quitting_ = false;
  std::multimap<Time, Task*> timers_;
  std::vector<Task*> running_;  // Of posted_, what is being run; kept for its memory.

  std::mutex mutex_;  // Of what follows.
  std::vector<Task*> posted_;
  bool asleep_ = false;  // In epoll_wait: a post has to wake it.
};

}  // namespace shoal::http
