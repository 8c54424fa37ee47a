// The floor of the benchmarks: what the kernel takes for a request and its answer, and nothing else. An epoll loop per
// core; whatever a connection sends in one piece is taken for a request and answered with the same bytes.
//
//   bare_epoll <port> <body bytes> [threads]
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

void watch(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

void run_core(std::uint16_t port, const std::string& answer) {
  const int on = 1;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 4096) != 0) {
    std::perror("bare_epoll");
    std::exit(1);
  }
  const int epoll = epoll_create1(0);
  watch(epoll, listener);
  std::array<epoll_event, 128> events;
  std::vector<char> input(64 * 1024);
  while (true) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == listener) {
        const int accepted = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (accepted < 0) continue;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, accepted);
      } else if (::recv(socket, input.data(), input.size(), 0) <= 0 ||
                 ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
        ::close(socket);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "bare_epoll <port> <body bytes> [threads]\n");
    return 1;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const std::string body(static_cast<std::size_t>(std::atol(argv[2])), 'x');
  const std::string answer =
      "HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  const unsigned threads =
      argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> cores;
  for (unsigned i = 0; i < threads; ++i) cores.emplace_back([port, &answer] { run_core(port, answer); });
  for (auto& core : cores) core.join();
}
