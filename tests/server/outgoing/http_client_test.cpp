#include "server/outgoing/http_client.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <thread>

namespace shoal {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

constexpr auto kPatience = 10s;

// Reads one request, its body included; empty when the other side has closed.
template <class Stream>
std::string read_request(Stream& stream) {
  std::string text;
  boost::system::error_code failure;
  const auto head = asio::read_until(stream, asio::dynamic_buffer(text), "\r\n\r\n", failure);
  if (failure) return {};
  const auto at = text.find("Content-Length: ");
  const auto length = at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
  while (text.size() < head + length) {
    char more[4096];
    const auto bytes = stream.read_some(asio::buffer(more), failure);
    if (failure) return {};
    text.append(more, bytes);
  }
  return text;
}

template <class Stream>
void answer(Stream& stream, const std::string& text) {
  boost::system::error_code ignored;
  asio::write(stream, asio::buffer(text), ignored);
}

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// Serves what the test says, one connection after the other, until the test has no more to say.
class Server {
 public:
  using Serve = std::function<void(tcp::socket)>;
  explicit Server(std::vector<Serve> connections)
      : thread_([this, connections = std::move(connections)] {
          for (const auto& serve : connections) {
            boost::system::error_code failure;
            auto socket = acceptor_.accept(failure);
            if (failure) return;
            serve(std::move(socket));
          }
        }) {}
  ~Server() {
    // A connection of nothing ends an accept that nobody came for.
    asio::io_context io;
    tcp::socket knock(io);
    boost::system::error_code ignored;
    knock.connect(acceptor_.local_endpoint(), ignored);
    acceptor_.close(ignored);
    knock.close(ignored);
    thread_.join();
  }
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
  HttpUrl url() const { return *parse_http_url("http://127.0.0.1:" + port()); }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::thread thread_;
};

Server::Serve with(std::vector<std::string> answers, std::vector<std::string>* requests = nullptr) {
  return [answers = std::move(answers), requests](tcp::socket socket) {
    for (const auto& text : answers) {
      const auto request = read_request(socket);
      if (request.empty()) return;
      if (requests) requests->push_back(request);
      answer(socket, text);
    }
  };
}

std::string failure_of(const std::function<void()>& call) {
  try {
    call();
    return {};
  } catch (const HttpError& error) {
    return error.what();
  }
}

TEST_CASE("A POST arrives as it was sent, and its answer comes back whole") {
  std::vector<std::string> requests;
  {
    const Server server({with(
        {"HTTP/1.1 418 Teapot\r\nX-Amz-Function-Error: Unhandled\r\nContent-Length: 5\r\n\r\nshort"}, &requests)});
    HttpClient client(server.url());
    const auto reply = client.post("/a/b?c=d", {{"Content-Type", "text/x"}, {"X-Y", "z"}}, "body", kPatience);
    CHECK(reply.status == 418);
    CHECK(reply.body == "short");
    CHECK(reply.header("x-amz-function-error") == "Unhandled");
    CHECK(!reply.header("x-amz"));
    CHECK(client.url() == server.url());
  }
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].starts_with("POST /a/b?c=d HTTP/1.1\r\nHost: 127.0.0.1:"));
  CHECK(requests[0].find("\r\nContent-Type: text/x\r\nX-Y: z\r\n") != std::string::npos);
  CHECK(requests[0].ends_with("Content-Length: 4\r\n\r\nbody"));
}

TEST_CASE("Calls share one connection") {
  const Server server({with({kOk, kOk, kOk})});
  HttpClient client(server.url());
  for (int i = 0; i < 3; ++i) CHECK(client.post("/", {}, "x", kPatience).body == "ok");
}

TEST_CASE("An answer may come in chunks, and be of megabytes") {
  const std::string big(3'000'000, 'x');
  const Server server({with({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + big})});
  HttpClient client(server.url());
  CHECK(client.post("/", {}, "", kPatience).body == "abcd");
  CHECK(client.post("/", {}, "", kPatience).body == big);
}

TEST_CASE("A connection that was closed while idle is replaced without a word") {
  const Server server(
      {with({kOk}), with({kOk, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbye"}), with({kOk})});
  HttpClient client(server.url());
  CHECK(client.post("/", {}, "1", kPatience).body == "ok");
  std::this_thread::sleep_for(20ms);
  CHECK(client.post("/", {}, "2", kPatience).body == "ok");
  CHECK(client.post("/", {}, "3", kPatience).body == "bye");
  CHECK(client.post("/", {}, "4", kPatience).body == "ok");
}

TEST_CASE("An answer that breaks off is a failure, and the next call connects anew") {
  const Server server({with({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"}), with({kOk})});
  HttpClient client(server.url());
  CHECK_THAT(failure_of([&] { client.post("/", {}, "", kPatience); }), Catch::Contains(server.port() + ": "));
  CHECK(client.post("/", {}, "", kPatience).body == "ok");
}

TEST_CASE("An answer that is no HTTP, or without bounds, is a failure") {
  const Server server(
      {with({"SSH-2.0-OpenSSH\r\n\r\n"}), with({"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"})});
  HttpClient client(server.url());
  CHECK(!failure_of([&] { client.post("/", {}, "", kPatience); }).empty());
  CHECK_THAT(failure_of([&] { client.post("/", {}, "", kPatience); }), Catch::Contains("body limit"));
}

TEST_CASE("Nobody listens: the failure says where") {
  std::string port;
  { port = Server({}).port(); }
  HttpClient client(*parse_http_url("http://127.0.0.1:" + port));
  CHECK(failure_of([&] { client.post("/", {}, "", kPatience); }) ==
        "http://127.0.0.1:" + port + ": Connection refused");
}

TEST_CASE("An answer that does not come is waited for no longer than was said, and is not asked for twice") {
  std::atomic<int> requests = 0;
  const auto silent = [&](tcp::socket socket) {
    while (!read_request(socket).empty()) ++requests;
  };
  const Server server({silent});
  HttpClient client(server.url());
  const auto began = std::chrono::steady_clock::now();
  CHECK_THAT(failure_of([&] { client.post("/", {}, "", 100ms); }), Catch::Contains("no end of the answer in time"));
  const auto took = std::chrono::steady_clock::now() - began;
  CHECK(took >= 100ms);
  CHECK(took < 5s);
  CHECK(requests <= 1);
}

TEST_CASE("Cancelling ends the call that waits, and every later one") {
  std::promise<void> arrived;
  const auto silent = [&](tcp::socket socket) {
    read_request(socket);
    arrived.set_value();
    read_request(socket);
  };
  const Server server({silent});
  HttpClient client(server.url());
  auto waiting = std::async(std::launch::async, [&] { return failure_of([&] { client.post("/", {}, "", 60s); }); });
  arrived.get_future().wait();
  client.cancel();
  REQUIRE(waiting.wait_for(5s) == std::future_status::ready);
  CHECK_THAT(waiting.get(), Catch::EndsWith(": cancelled"));
  CHECK_THAT(failure_of([&] { client.post("/", {}, "", 60s); }), Catch::EndsWith(": cancelled"));
}

// A certificate of its own making for "localhost", and its key.
struct Identity {
  Identity() {
    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    auto* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    const int descriptor = mkstemp(file);
    auto* out = fdopen(descriptor, "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
  }
  ~Identity() {
    unlink(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  EVP_PKEY* key;
  X509* certificate;
  char file[32] = "/tmp/shoal-certificate-XXXXXX";
};

Server::Serve securely(const Identity& identity) {
  return [&identity](tcp::socket socket) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    SSL_CTX_use_certificate(context.native_handle(), identity.certificate);
    SSL_CTX_use_PrivateKey(context.native_handle(), identity.key);
    asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
    boost::system::error_code failure;
    stream.handshake(asio::ssl::stream_base::server, failure);
    if (!failure && !read_request(stream).empty()) answer(stream, kOk);
  };
}

TEST_CASE("https speaks to whom an authority vouches for, and to nobody else") {
  const Identity identity;
  const Server server({securely(identity), securely(identity), securely(identity)});
  const auto post = [](const std::string& url) {
    return HttpClient(*parse_http_url(url)).post("/", {}, "x", kPatience);
  };
  const auto good = "https://localhost:" + server.port();
  CHECK_THAT(failure_of([&] { post(good); }), Catch::Contains("certificate"));
  setenv("SSL_CERT_FILE", identity.file, 1);
  CHECK(post(good).body == "ok");
  CHECK(!failure_of([&] { post("https://127.0.0.1:" + server.port()); }).empty());
  unsetenv("SSL_CERT_FILE");
}

}  // namespace
}  // namespace shoal
