#include "server/http/event_loop.h"

#include <sys/socket.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <thread>

using namespace shoal::http;
using namespace std::chrono_literals;

namespace {

struct Do final : Task {
  explicit Do(std::function<void()> what) : what_(std::move(what)) {}
  void run() override { what_(); }
  std::function<void()> what_;
};

struct Pair {
  Pair() {
    int sockets[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets) == 0);
    near = Descriptor(sockets[0]);
    far = Descriptor(sockets[1]);
  }
  Descriptor near, far;
};

struct Reader final : Watcher {
  Reader(EventLoop& loop, Descriptor& socket) : loop_(loop), socket_(socket) {}
  void on_ready(Readiness readiness) override {
    char bytes[64];
    for (ssize_t count = 0; (count = ::recv(socket_.number(), bytes, sizeof bytes, 0)) > 0;) {
      read.append(bytes, static_cast<std::size_t>(count));
    }
    ended = readiness.ended;
    if (ended) loop_.quit();
  }
  EventLoop& loop_;
  Descriptor& socket_;
  std::string read;
  bool ended = false;
};

}  // namespace

TEST_CASE("a watcher is told of bytes and of the end") {
  EventLoop loop;
  Pair pair;
  Reader reader(loop, pair.near);
  loop.watch(pair.near, reader);
  std::thread client([&] {
    for (const char* text : {"one ", "two ", "three"}) {
      ::send(pair.far.number(), text, std::string(text).size(), 0);
      std::this_thread::sleep_for(1ms);
    }
    pair.far.close();
  });
  loop.run();
  client.join();
  CHECK(reader.read == "one two three");
}

TEST_CASE("tasks of other threads run on the loop's, each once and in their order") {
  EventLoop loop;
  constexpr int kPosts = 20'000;
  std::atomic<bool> on_loop = false;
  std::thread::id loop_thread;
  int first = 0, second = 0, strangers = 0;
  const auto counting = [&](int& counter) {
    return [&] {
      ++counter;
      if (std::this_thread::get_id() != loop_thread) ++strangers;
      if (first + second == 2 * kPosts) loop.quit();
    };
  };
  Do one(counting(first)), two(counting(second));
  std::thread runner([&] {
    loop_thread = std::this_thread::get_id();
    on_loop = true;
    loop.run();
  });
  while (!on_loop) std::this_thread::yield();
  std::thread other([&] {
    for (int i = 0; i < kPosts; ++i) loop.post(one);
  });
  for (int i = 0; i < kPosts; ++i) loop.post(two);
  other.join();
  runner.join();
  CHECK(first == kPosts);
  CHECK(second == kPosts);
  CHECK(strangers == 0);
}

TEST_CASE("timers run in the order of their times, those that are cancelled do not") {
  EventLoop loop;
  std::string order;
  Do a([&] { order += 'a'; }), b([&] { order += 'b'; }), c([&] {
    order += 'c';
    loop.quit();
  }),
      never([&] { order += '!'; });
  const auto now = std::chrono::steady_clock::now();
  loop.call_at(now + 20ms, c);
  loop.call_at(now + 1ms, a);
  loop.call_at(now + 5ms, never);
  loop.call_at(now + 10ms, b);
  loop.cancel(never);
  loop.run();
  CHECK(order == "abc");
  CHECK(std::chrono::steady_clock::now() - now >= 20ms);
}

TEST_CASE("a task that throws does not end the loop") {
  EventLoop loop;
  Do bad([] { throw std::runtime_error("a bug"); }), good([&] { loop.quit(); });
  loop.post(bad);
  loop.post(good);
  loop.run();
  SUCCEED("the loop came to the second task");
}
