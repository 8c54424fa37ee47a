// Calls over HTTP that may take long, each on a thread that is made when it is needed, up to a number of them; the
// others wait their turn.
//
//   CallThreads threads(url, 10);
//   threads.submit([](HttpClient& client) { client.post(...); });
//
// cancel() ends the calls that are under way, and every later one at once (HttpError); each task is run all the same.
// The destructor waits for all of them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/outgoing/http_client.h"

namespace shoal {

class CallThreads {
 public:
  using Task = std::function<void(HttpClient&)>;

  CallThreads(HttpUrl url, std::size_t threads_max);
  ~CallThreads();
  void submit(Task task);
  void cancel();

 private:
  struct Worker {
    explicit Worker(const HttpUrl& url) : client(url) {}
    HttpClient client;
    std::thread thread;
  };
  void run(Worker& worker);

  const HttpUrl url_;
  const std::size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t idle_ = 0;
  bool cancelled_ = false;
  bool ending_ = false;
};

}  // namespace shoal
