#include "server/http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "config/config.h"
#include "server/http/core.h"

namespace shoal::http {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  std::string text;

  bool is_v6() const { return storage.ss_family == AF_INET6; }
  sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(storage); }
  sockaddr_in6& v6() { return reinterpret_cast<sockaddr_in6&>(storage); }
  const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage); }
  const sockaddr_in6& v6() const { return reinterpret_cast<const sockaddr_in6&>(storage); }

  void set_port(std::uint16_t port) { (is_v6() ? v6().sin6_port : v4().sin_port) = htons(port); }
  bool is_loopback() const {
    return is_v6() ? IN6_IS_ADDR_LOOPBACK(&v6().sin6_addr) != 0 : (ntohl(v4().sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  }
  bool is_any_v6() const { return is_v6() && IN6_IS_ADDR_UNSPECIFIED(&v6().sin6_addr) != 0; }
};

Address address_of(const std::string& text) {
  Address address;
  address.text = text;
  if (inet_pton(AF_INET, text.c_str(), &address.v4().sin_addr) == 1) {
    address.storage.ss_family = AF_INET;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, text.c_str(), &address.v6().sin6_addr) == 1) {
    address.storage.ss_family = AF_INET6;
    address.size = sizeof(sockaddr_in6);
  } else {
    throw std::runtime_error("cannot listen on " + text + ": it is not an IP address");
  }
  return address;
}

// A system may be started without IPv6; "every address", as the container image asks for, is still every one it has.
bool has_ipv6() { return Descriptor(::socket(AF_INET6, SOCK_STREAM, 0)).number() >= 0; }

std::vector<Address> addresses_of(const std::string& bind) {
  if (bind == "localhost") return {address_of("127.0.0.1"), address_of("::1")};
  if (bind == "::" && !has_ipv6()) return {address_of("0.0.0.0")};
  return {address_of(bind)};
}

[[noreturn]] void refuse(const Address& address, std::uint16_t port_number, int failure) {
  const std::string port = std::to_string(port_number);
  if (failure == EADDRINUSE) {
    throw std::runtime_error("port " + port + " on " + address.text +
                             " is taken: stop what listens there or pass --port");
  }
  if (failure == EACCES) {
    throw std::runtime_error("port " + port + " on " + address.text +
                             " needs more rights than this user has: pass --port");
  }
  throw std::runtime_error("cannot listen on " + address.text + ", port " + port + ": " + std::strerror(failure));
}

bool set(const Descriptor& socket, int level, int option, int value) {
  return setsockopt(socket.number(), level, option, &value, sizeof value) == 0;
}

enum class Sharing { first, joins };

// SO_REUSEPORT would let a second Shoal of the same user join in as well. So the first socket of a port binds without
// it, which fails if anybody has the port, and takes the option only then. None, with errno, if it cannot be.
Descriptor listen_at(Address address, std::uint16_t port, Sharing sharing) {
  address.set_port(port);
  Descriptor made(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto share = [&made] { return set(made, SOL_SOCKET, SO_REUSEPORT, 1); };
  const auto bind = [&] {
    return ::bind(made.number(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0;
  };
  const bool listens = made && set(made, SOL_SOCKET, SO_REUSEADDR, 1) &&
                       (!address.is_v6() || set(made, IPPROTO_IPV6, IPV6_V6ONLY, !address.is_any_v6())) &&
                       (sharing == Sharing::first ? bind() && share() : share() && bind()) &&
                       ::listen(made.number(), SOMAXCONN) == 0;
  return listens ? std::move(made) : Descriptor();
}

std::uint16_t port_of(const Descriptor& socket) {
  Address address;
  address.size = sizeof address.storage;
  getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address.storage), &address.size);
  return ntohs(address.is_v6() ? address.v6().sin6_port : address.v4().sin_port);
}

std::size_t thread_count(const Config& config) {
  return config.threads > 0 ? config.threads : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

struct Listener::Impl {
  Impl(const Services& services, Authenticator& authenticator, const FindOperation& find)
      : backend(services, authenticator, find), config(services.config) {
    for (std::size_t i = 0; i < thread_count(config); ++i) cores.emplace_back(backend, *services.connections);
    port = config.port;
    for (const auto& address : addresses_of(config.bind)) take(address);
  }

  void take(const Address& address) {
    auto first = listen_at(address, port, Sharing::first);
    if (!first) {
      const bool second_of_localhost = config.bind == "localhost" && address.is_v6();
      if (second_of_localhost && errno != EADDRINUSE) return;  // A machine without IPv6.
      refuse(address, port, errno);
    }
    port = port_of(first);
    cores.front().add_acceptor(std::move(first));
    for (std::size_t i = 1; i < cores.size(); ++i) {
      if (auto next = listen_at(address, port, Sharing::joins)) {
        cores[i].add_acceptor(std::move(next));
      } else {  // A system whose SO_REUSEPORT is less than Linux's: fewer threads serve.
        spdlog::warn("thread {} cannot share port {}: {}", i, port, std::strerror(errno));
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
