// The ceiling of the benchmarks: HTTP with Beast's usual containers and nothing behind it. One io_context per core,
// SO_REUSEPORT, a coroutine per connection; every request is answered with the same body.
//
//   bare_server <port> <body bytes> [threads]
#include <sys/socket.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

asio::awaitable<void> serve(tcp::socket accepted, const std::string& body) {
  beast::tcp_stream stream(std::move(accepted));
  stream.socket().set_option(tcp::no_delay(true));
  beast::flat_buffer buffer;
  try {
    while (true) {
      http::request<http::string_body> request;
      co_await http::async_read(stream, buffer, request, asio::use_awaitable);
      http::response<http::string_body> response{http::status::ok, request.version()};
      response.set(http::field::server, "Server");
      response.set(http::field::content_type, "application/x-amz-json-1.0");
      response.keep_alive(request.keep_alive());
      response.body() = body;
      response.prepare_payload();
      co_await http::async_write(stream, response, asio::use_awaitable);
      if (!request.keep_alive()) break;
    }
  } catch (const boost::system::system_error&) {
    // The client has gone.
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, const std::string& body) {
  while (true) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), body), asio::detached);
  }
}

void run_core(unsigned short port, const std::string& body) {
  asio::io_context context(1);
  tcp::acceptor acceptor(context);
  acceptor.open(tcp::v4());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  const int on = 1;
  setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  acceptor.bind({asio::ip::address_v4::loopback(), port});
  acceptor.listen();
  asio::co_spawn(context, accept(acceptor, body), asio::detached);
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "bare_server <port> <body bytes> [threads]\n");
    return 1;
  }
  const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  const std::string body(static_cast<std::size_t>(std::atol(argv[2])), 'x');
  const unsigned threads =
      argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> cores;
  for (unsigned i = 0; i < threads; ++i) cores.emplace_back([port, &body] { run_core(port, body); });
  for (auto& core : cores) core.join();
}
