// One thread's share of the server: its event loop, the sockets it accepts from, and the connections it accepted, for
// their life.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "server/http/event_loop.h"
#include "server/http/session.h"

namespace shoal::http {

class Core {
 public:
  // `connections` counts those of all cores.
  Core(const Backend& backend, std::atomic<std::uint32_t>& connections);
  Core(const Core&) = delete;

  // Before run(): a socket that listens.
  void add_acceptor(Descriptor socket) { acceptors_.emplace_back(*this, std::move(socket)); }

  void run();  // On the calling thread; returns after stop(), when the last connection is over.

  // From any thread.
  void stop() { loop_.post(stop_task_); }
  void close_connections() { loop_.post(close_task_); }

 private:
  // Accepts what waits at one socket.
  class Acceptor final : public Watcher {
   public:
    Acceptor(Core& core, Descriptor socket) : core_(core), socket_(std::move(socket)) {}
    void start() { core_.loop_.watch(socket_, *this); }
    void on_ready(Readiness) override { accept(); }
    void stop();  // When those who have connected by now are accepted.

   private:
    void accept();
    void pause(int failure);

    Core& core_;
    Descriptor socket_;
    MemberTask<Acceptor> accept_task_{*this, &Acceptor::accept};
  };

  void admit(Descriptor socket);
  void end(Session& session);
  void bury();
  void schedule_sweep();
  void sweep();
  void stop_now();
  void close_now();
  std::vector<Session*> all_sessions() const;

  std::atomic<std::uint32_t>& connections_;
  std::chrono::milliseconds tick_;
  Ticks ticks_;
  bool stopping_ = false;
  bool sweeping_ = false;

  std::size_t session_count_ = 0;

  EventLoop loop_;
  Surroundings surroundings_;
  std::list<Acceptor> acceptors_;
  std::unordered_map<Session*, std::unique_ptr<Session>> sessions_;
  std::vector<std::unique_ptr<Session>> dead_;  // Tasks of theirs may be posted still.
  MemberTask<Core> sweep_task_{*this, &Core::sweep};
  MemberTask<Core> bury_task_{*this, &Core::bury};
  MemberTask<Core> stop_task_{*this, &Core::stop_now};
  MemberTask<Core> close_task_{*this, &Core::close_now};
};

}  // namespace shoal::http
