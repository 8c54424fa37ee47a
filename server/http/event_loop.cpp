#include "server/http/event_loop.h"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace shoal::http {
namespace {

constexpr int kEventsAtOnce = 128;
constexpr std::chrono::milliseconds kWaitMax{60'000};

Descriptor opened(int number, const char* what) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
  return Descriptor(number);
}

void add(const Descriptor& epoll, const Descriptor& descriptor, void* watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watcher;
  if (epoll_ctl(epoll.number(), EPOLL_CTL_ADD, descriptor.number(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

// A bug in one connection is not the others' end.
template <typename Call>
void guarded(Call call) {
  try {
    call();
  } catch (const std::exception& bug) {
    spdlog::error("a connection thread: {}", bug.what());
  }
}

}  // namespace

EventLoop::EventLoop()
    : epoll_(opened(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wakeup_(opened(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {
  add(epoll_, wakeup_, nullptr, EPOLLIN | EPOLLET);  // Edge-triggered: it need not be read.
}

void EventLoop::watch(const Descriptor& descriptor, Watcher& watcher) {
  add(epoll_, descriptor, &watcher, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

void EventLoop::post(Task& task) {
  bool must_wake = false;
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(&task);
    must_wake = std::exchange(asleep_, false);
  }
  if (must_wake) wake();
}

void EventLoop::wake() {
  const std::uint64_t one = 1;
  // It fails when the counter is full, and then the loop is awake.
  [[maybe_unused]] const auto written = ::write(wakeup_.number(), &one, sizeof one);
}

void EventLoop::call_at(Time time, Task& task) { timers_.emplace(time, &task); }

void EventLoop::cancel(Task& task) {
  std::erase_if(timers_, [&task](const auto& timer) { return timer.second == &task; });
}

void EventLoop::run() {
  std::array<epoll_event, kEventsAtOnce> events;
  while (!quitting_) {
    const int timeout = run_posted() ? 0 : milliseconds_to_wait();
    const int count = epoll_wait(epoll_.number(), events.data(), kEventsAtOnce, timeout);
    if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
    {
      const std::lock_guard lock(mutex_);
      asleep_ = false;
    }
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == nullptr) continue;
      const auto has = [&event](std::uint32_t bits) { return (event.events & bits) != 0; };
      const bool ended = has(EPOLLRDHUP | EPOLLHUP | EPOLLERR);
      const Readiness readiness{has(EPOLLIN) || ended, has(EPOLLOUT) || ended, ended};
      guarded([&] { static_cast<Watcher*>(event.data.ptr)->on_ready(readiness); });
    }
    run_due();
  }
}

// Whether there is more to run at once. If not, the loop goes to sleep, and a post has to wake it.
bool EventLoop::run_posted() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(posted_);
  }
  for (auto* task : running_) guarded([task] { task->run(); });
  running_.clear();
  const std::lock_guard lock(mutex_);
  asleep_ = posted_.empty() && !quitting_;
  return !asleep_;
}

void EventLoop::run_due() {
  while (!timers_.empty() && timers_.begin()->first <= std::chrono::steady_clock::now()) {
    Task* task = timers_.extract(timers_.begin()).mapped();
    guarded([task] { task->run(); });
  }
}

int EventLoop::milliseconds_to_wait() const {
  if (timers_.empty()) return -1;
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp(rest, std::chrono::milliseconds(0), kWaitMax).count());
}

}  // namespace shoal::http
