#include "server/http/listener.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/ip/v6_only.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "config/config.h"
#include "server/http/core.h"

namespace shoal::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

std::vector<asio::ip::address> addresses_of(const std::string& bind) {
  if (bind == "localhost") return {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
  error_code failure;
  const auto address = asio::ip::make_address(bind, failure);
  if (failure) throw std::runtime_error("cannot listen on " + bind + ": it is not an IP address");
  return {address};
}

[[noreturn]] void refuse(const tcp::endpoint& endpoint, const error_code& failure) {
  const std::string port = std::to_string(endpoint.port());
  const std::string host = endpoint.address().to_string();
  if (failure == asio::error::address_in_use) {
    throw std::runtime_error("port " + port + " on " + host + " is taken: stop what listens there or pass --port");
  }
  if (failure == asio::error::access_denied) {
    throw std::runtime_error("port " + port + " on " + host + " needs more rights than this user has: pass --port");
  }
  throw std::runtime_error("cannot listen on " + host + ", port " + port + ": " + failure.message());
}

void share_port(Acceptor& acceptor, error_code& failure) {
  const int on = 1;
  if (setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    failure.assign(errno, boost::system::system_category());
  }
}

enum class Sharing { first, joins };

// SO_REUSEPORT would let a second Shoal of the same user join in as well. So the first socket of a port binds without
// it, which fails if anybody has the port, and takes the option only then.
error_code listen(Acceptor& acceptor, const tcp::endpoint& endpoint, Sharing sharing) {
  error_code failure;
  const auto step = [&failure](auto action) {
    if (!failure) action();
  };
  step([&] { acceptor.open(endpoint.protocol(), failure); });
  step([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), failure); });
  if (endpoint.address().is_v6() && !endpoint.address().is_unspecified()) {
    step([&] { acceptor.set_option(asio::ip::v6_only(true), failure); });
  } else if (endpoint.address().is_v6()) {
    step([&] { acceptor.set_option(asio::ip::v6_only(false), failure); });  // "::" is IPv4 too.
  }
  if (sharing == Sharing::joins) step([&] { share_port(acceptor, failure); });
  step([&] { acceptor.bind(endpoint, failure); });
  if (sharing == Sharing::first) step([&] { share_port(acceptor, failure); });
  step([&] { acceptor.listen(asio::socket_base::max_listen_connections, failure); });
  return failure;
}

std::size_t thread_count(const Config& config) {
  return config.threads > 0 ? config.threads : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

struct Listener::Impl {
  Impl(const Services& services, Authenticator& authenticator, const FindOperation& find)
      : backend(services, authenticator, find), config(services.config) {
    for (std::size_t i = 0; i < thread_count(config); ++i) cores.emplace_back(backend, connections);
    port = config.port;
    for (const auto& address : addresses_of(config.bind)) take(address);
  }

  void take(const asio::ip::address& address) {
    if (auto failure = listen(cores.front().add_acceptor(), {address, port}, Sharing::first)) {
      const bool second_of_localhost = config.bind == "localhost" && address.is_v6();
      if (second_of_localhost && failure != asio::error::address_in_use) {  // A machine without IPv6.
        cores.front().drop_acceptor();
        return;
      }
      refuse({address, port}, failure);
    }
    port = cores.front().last_acceptor().local_endpoint().port();
    for (std::size_t i = 1; i < cores.size(); ++i) {
      const auto failure = listen(cores[i].add_acceptor(), {address, port}, Sharing::joins);
      if (failure) {  // A system whose SO_REUSEPORT is less than Linux's: fewer threads serve.
        cores[i].drop_acceptor();
        spdlog::warn("thread {} cannot share port {}: {}", i, port, failure.message());
      }
    }
  }

  void start() {
    running = cores.size();
    for (auto& core : cores) {
      threads.emplace_back([this, &core] {
        core.run();
        const std::lock_guard lock(mutex);
        --running;
        ended.notify_all();
      });
    }
  }

  void stop() {
    if (threads.empty()) return;
    for (auto& core : cores) core.stop();
    {
      std::unique_lock lock(mutex);
      const std::chrono::milliseconds timeout(config.shutdown_timeout_ms);
      if (!ended.wait_for(lock, timeout, [this] { return running == 0; })) {
        for (auto& core : cores) core.close_connections();
      }
    }
    for (auto& thread : threads) thread.join();
    threads.clear();
  }

  const Backend backend;
  const Config& config;
  std::uint16_t port = 0;
  std::atomic<std::uint32_t> connections = 0;
  std::deque<Core> cores;  // Neither copied nor moved.
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t running = 0;
};

Listener::Listener(const Services& services, Authenticator& authenticator, const FindOperation& find)
    : impl_(std::make_unique<Impl>(services, authenticator, find)) {}
Listener::~Listener() { stop(); }

std::uint16_t Listener::port() const { return impl_->port; }

std::string Listener::url() const {
  const std::string& bind = impl_->config.bind;
  const bool bare_ipv6 = bind.find(':') != std::string::npos;
  return "http://" + (bare_ipv6 ? "[" + bind + "]" : bind) + ":" + std::to_string(impl_->port);
}

bool Listener::loopback_only() const {
  for (const auto& address : addresses_of(impl_->config.bind)) {
    if (!address.is_loopback()) return false;
  }
  return true;
}

void Listener::start() { impl_->start(); }
void Listener::stop() { impl_->stop(); }

}  // namespace shoal::http
