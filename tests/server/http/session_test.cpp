// Connections as their clients see them: over loopback, with plain blocking sockets.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "server/http/fake_backend.h"
#include "server/http/listener.h"

using namespace shoal;
using namespace shoal::http;
using namespace std::chrono_literals;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval timeout{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;

  bool connected() const { return connected_; }

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // One answer with a Content-Length.
  std::string receive() {
    std::size_t head = 0;
    while ((head = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return take(buffer_.size());
    }
    const std::size_t at = buffer_.find("Content-Length: ");
    const std::size_t size = at < head ? std::stoul(buffer_.substr(at + 16)) : 0;
    while (buffer_.size() < head + 4 + size && more()) {
    }
    return take(head + 4 + size);
  }

  std::string receive_all() {
    while (more()) {
    }
    return take(buffer_.size());
  }

 private:
  bool more() {
    char bytes[65536];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }
  std::string take(std::size_t size) {
    std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }

  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

Config quiet(Config config = {}) {
  config.port = 0;
  if (config.threads == 0) config.threads = 2;
  return config;
}

struct Server {
  explicit Server(Config config = {})
      : shoal(quiet(std::move(config))), listener(shoal.services, shoal.authenticator, find_fake) {
    listener.start();
  }
  FakeBackend shoal;
  Listener listener;
};

std::string call(const std::string& operation, const std::string& body = "{}", const std::string& headers = "") {
  const std::string service = operation == "ListStreams" ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: " + service +
         operation + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a connection serves request after request, reads and writes") {
  Server server;
  Connection connection(server.listener.port());
  for (int i = 1; i <= 20; ++i) {
    connection.send(call("ListTables", R"({"Limit": 7})"));
    CHECK(contains(connection.receive(), R"("limit":7)"));
    connection.send(call("DescribeLimits"));
    CHECK(contains(connection.receive(), "\"count\":" + std::to_string(i) + "}"));
  }
}

TEST_CASE("a pipeline is answered in its order") {
  Server server;
  Connection connection(server.listener.port());
  std::string all;
  for (int i = 1; i <= 50; ++i) {
    all += call("ListTables", "{\"Limit\": " + std::to_string(i) + "}");
    if (i % 5 == 0) all += call("DescribeLimits");
  }
  connection.send(all);
  for (int i = 1; i <= 50; ++i) {
    CHECK(contains(connection.receive(), "\"limit\":" + std::to_string(i) + "}"));
    if (i % 5 == 0) CHECK(contains(connection.receive(), "\"count\":" + std::to_string(i / 5) + "}"));
  }
}

TEST_CASE("a pipeline whose answers are more than are held back is answered to its end") {
  Server server;
  Connection connection(server.listener.port());
  const auto large = call("DescribeTable", R"({"TableName": "Music"})");
  connection.send(large + call("ListTables") + large + call("ListTables"));
  for (int i = 0; i < 2; ++i) {
    CHECK(connection.receive().size() > 8'000'000);
    CHECK(contains(connection.receive(), R"("limit":0)"));
  }
}

TEST_CASE("many connections at once count every write once") {
  Server server;
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      Connection connection(server.listener.port());
      for (int i = 0; i < 100; ++i) {
        connection.send(call(i % 2 == 0 ? "DescribeLimits" : "ListTables"));
        connection.receive();
      }
    });
  }
  for (auto& client : clients) client.join();
  Connection connection(server.listener.port());
  connection.send(call("DescribeLimits"));
  CHECK(contains(connection.receive(), R"("count":401})"));
}

TEST_CASE("a client that expects it is told to continue") {
  Server server;
  Connection connection(server.listener.port());
  const std::string request = call("ListTables", R"({"Limit": 7})", "Expect: 100-continue\r\n");
  const auto body = request.find("\r\n\r\n") + 4;
  connection.send(request.substr(0, body));
  CHECK(connection.receive() == "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send(request.substr(body));
  CHECK(contains(connection.receive(), R"("limit":7)"));
}

TEST_CASE("a body over 16 MB is answered 413 even while it is being sent, one of 16 MB is read") {
  Server server;
  {
    Connection connection(server.listener.port());
    connection.send(call("ListTables", std::string(16 * 1024 * 1024 + 1, ' ')));
    const auto answer = connection.receive_all();
    CHECK(answer.starts_with("HTTP/1.1 413 "));
    CHECK(contains(answer, "Transfer-Encoding: chunked\r\n"));
    CHECK(answer.ends_with("\r\n\r\n0\r\n\r\n"));
    CHECK_FALSE(contains(answer, "RequestId"));
  }
  Connection connection(server.listener.port());
  std::string body = R"({"Limit": 9})";
  body.resize(16 * 1024 * 1024, ' ');
  connection.send(call("ListTables", body));
  CHECK(contains(connection.receive(), R"("limit":9)"));
  connection.send(call("ListTables"));
  CHECK(contains(connection.receive(), R"("limit":0)"));
}

TEST_CASE("a large answer arrives whole at a client that is in no hurry") {
  Server server;
  Connection connection(server.listener.port());
  connection.send(call("DescribeTable", R"({"TableName": "Music"})"));
  std::this_thread::sleep_for(200ms);
  const auto answer = connection.receive();
  CHECK(answer.size() > 8'000'000);
  CHECK(answer.ends_with("x\""));
  connection.send(call("ListTables"));
  CHECK(contains(connection.receive(), R"("limit":0)"));
}

TEST_CASE("a client that does not take its answer is given up") {
  Config config;
  config.body_timeout_ms = 100;
  config.shutdown_timeout_ms = 60'000;
  Server server(config);
  Connection connection(server.listener.port());
  for (int i = 0; i < 4; ++i) connection.send(call("DescribeTable", R"({"TableName": "Music"})"));
  std::this_thread::sleep_for(400ms);
  CHECK(connection.receive_all().size() < 4 * 8'000'000);
}

TEST_CASE("headers that dawdle are answered 408, a body that stops as well, silence between requests by an end") {
  Config config;
  config.header_timeout_ms = config.body_timeout_ms = 100;
  config.idle_timeout_ms = 150;
  Server server(config);
  {
    Connection connection(server.listener.port());
    std::string answer;
    for (const char c : std::string("POST / HTTP/1.1\r\nHost: h\r\n")) {  // Each byte in time, all of them too slow.
      connection.send(std::string(1, c));
      std::this_thread::sleep_for(20ms);
    }
    CHECK(connection.receive_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  }
  {
    Connection connection(server.listener.port());
    connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n{");
    CHECK(connection.receive_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  }
  Connection connection(server.listener.port());
  connection.send(call("ListTables"));
  CHECK(contains(connection.receive(), R"("limit":0)"));
  CHECK(connection.receive_all().empty());
}

TEST_CASE("rubbish is answered 400, and TLS told that this is HTTP") {
  Server server;
  {
    Connection connection(server.listener.port());
    connection.send("rubbish\r\n\r\n");
    CHECK(connection.receive_all().starts_with("HTTP/1.1 400 Bad Request\r\n"));
  }
  {
    Connection connection(server.listener.port());
    connection.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
    CHECK(contains(connection.receive_all(), "begins with http://"));
  }
  {
    Connection connection(server.listener.port());
    connection.send("GET / HTTP/1.1\r\nX: " + std::string(200'000, 'x'));
    CHECK(connection.receive_all().starts_with("HTTP/1.1 400 Bad Request\r\n"));
  }
  {
    Connection connection(server.listener.port());
    connection.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200'000, 'x'));
    CHECK(connection.receive_all().starts_with("HTTP/1.1 400 Bad Request\r\n"));
  }
  Connection connection(server.listener.port());
  connection.send(call("ListTables"));
  CHECK(contains(connection.receive(), R"("limit":0)"));
}

TEST_CASE("Connection: close is kept to, and HTTP/1.0 closes by itself") {
  Server server;
  {
    Connection connection(server.listener.port());
    connection.send(call("ListTables", "{}", "Connection: close\r\n"));
    const auto answer = connection.receive_all();
    CHECK(contains(answer, "\r\nConnection: close\r\n"));
    CHECK(answer.ends_with(R"("limit":0})"));
  }
  Connection connection(server.listener.port());
  connection.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(connection.receive_all().ends_with("amazonaws.com "));
}

TEST_CASE("connections over the limit are answered 503, and welcome again when others have gone") {
  Config config;
  config.max_connections = 2;
  Server server(config);
  {
    Connection first(server.listener.port()), second(server.listener.port());
    first.send(call("ListTables"));
    second.send(call("ListTables"));
    CHECK(contains(first.receive(), "200 OK"));
    CHECK(contains(second.receive(), "200 OK"));
    Connection third(server.listener.port());
    CHECK(third.receive_all().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  }
  std::string answer;
  for (int i = 0; i < 100 && !contains(answer, "200 OK"); ++i) {
    std::this_thread::sleep_for(10ms);
    Connection connection(server.listener.port());
    connection.send(call("ListTables"));
    answer = connection.receive();
  }
  CHECK(contains(answer, "200 OK"));
}

TEST_CASE("stop answers what is in flight, ends what is idle, and lets nobody in") {
  Config config;
  config.threads = 1;  // So that the end of the idle connection tells that all of them know.
  Server server(config);
  const auto port = server.listener.port();
  Connection idle(port), busy(port), half(port);
  idle.send(call("ListTables"));
  CHECK(contains(idle.receive(), "200 OK"));
  busy.send(call("ListStreams"));
  const std::string late = call("ListTables", R"({"Limit": 3})");
  half.send(late.substr(0, 60));
  std::this_thread::sleep_for(100ms);

  std::thread stopper([&] { server.listener.stop(); });
  CHECK(idle.receive_all().empty());
  half.send(late.substr(60));
  const auto answer = half.receive_all();
  CHECK(contains(answer, R"("limit":3)"));
  CHECK(contains(answer, "Connection: close\r\n"));
  CHECK(contains(busy.receive_all(), R"({"slow":true})"));
  stopper.join();
  CHECK_FALSE(Connection(port).connected());
}

TEST_CASE("stop does not wait for ever") {
  Config config;
  config.shutdown_timeout_ms = 100;
  Server server(config);
  Connection half(server.listener.port());
  half.send("POST / HTTP/1.1\r\n");
  std::this_thread::sleep_for(50ms);
  const auto begin = std::chrono::steady_clock::now();
  server.listener.stop();
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE("a port that is taken is refused in words, by another Shoal too") {
  Server server;
  Config config;
  config.port = server.listener.port();
  FakeBackend other(config);
  const std::string words =
      "port " + std::to_string(config.port) + " on 127.0.0.1 is taken: stop what listens there or pass --port";
  CHECK_THROWS_WITH(Listener(other.services, other.authenticator, find_fake), words);
}

TEST_CASE("a listener says where it is") {
  Server server;
  CHECK(server.listener.url() == "http://127.0.0.1:" + std::to_string(server.listener.port()));
  CHECK(server.listener.loopback_only());

  Config config;
  config.bind = "0.0.0.0";
  Server open(config);
  CHECK_FALSE(open.listener.loopback_only());
  Connection connection(open.listener.port());
  connection.send(call("ListTables"));
  CHECK(contains(connection.receive(), "200 OK"));
}

TEST_CASE("localhost is IPv4's loopback, and IPv6's where there is one") {
  Config config;
  config.bind = "localhost";
  Server server(config);
  CHECK(server.listener.loopback_only());
  Connection connection(server.listener.port());
  connection.send(call("ListTables"));
  CHECK(contains(connection.receive(), "200 OK"));
}

namespace {

void hold_back_answers(Server& server, std::chrono::milliseconds time) {
  FaultRule rule{Fault::latency, {}, "ListTables"};
  rule.time = time;
  server.shoal.faults.set(rule);
}

}  // namespace

TEST_CASE("an answer that is held back holds up nobody else on its core") {
  Config config;
  config.threads = 1;
  Server server(config);
  hold_back_answers(server, 1500ms);
  Connection slow(server.listener.port());
  Connection quick(server.listener.port());
  const auto began = std::chrono::steady_clock::now();
  slow.send(call("ListTables"));
  for (int i = 0; i < 20; ++i) {
    quick.send(call("DescribeEndpoints"));
    CHECK(quick.receive().starts_with("HTTP/1.1 200 OK\r\n"));
  }
  CHECK(std::chrono::steady_clock::now() - began < 1500ms);
  CHECK(slow.receive().starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(std::chrono::steady_clock::now() - began >= 1500ms);
}

TEST_CASE("a server that stops does not wait for what is held back") {
  Server server;
  hold_back_answers(server, 60s);
  Connection connection(server.listener.port());
  connection.send(call("ListTables"));
  std::this_thread::sleep_for(50ms);
  const auto began = std::chrono::steady_clock::now();
  server.listener.stop();
  CHECK(std::chrono::steady_clock::now() - began < 5s);
  CHECK(connection.receive().starts_with("HTTP/1.1 200 OK\r\n"));
}
