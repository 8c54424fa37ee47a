#include "server/outgoing/http_client.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <variant>

namespace shoal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;
using tcp = asio::ip::tcp;

using Request = http::request<http::span_body<const char>>;
using Parser = http::response_parser<http::string_body>;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

Request request_for(const HttpUrl& url, http::verb method, std::string_view target, const HttpHeaders& headers,
                    std::string_view body) {
  Request request(method, {target.data(), target.size()}, 11);
  request.set(http::field::host, url.authority());
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = {body.data(), body.size()};
  request.prepare_payload();
  return request;
}

HttpReply reply_of(http::response<http::string_body> response) {
  HttpReply reply;
  reply.status = static_cast<int>(response.result_int());
  for (const auto& field : response) reply.headers.emplace_back(field.name_string(), field.value());
  reply.body = std::move(response.body());
  return reply;
}

bool is_equal_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
  });
}

}  // namespace

std::optional<std::string_view> HttpReply::header(std::string_view name) const {
  for (const auto& [its_name, value] : headers) {
    if (is_equal_in_any_case(its_name, name)) return value;
  }
  return std::nullopt;
}

// Every step is an asynchronous operation that is waited for by running the context on the caller's thread: so each one
// obeys the deadline and cancel(), which Asio's blocking operations do not.
struct HttpClient::Impl {
  explicit Impl(HttpUrl where) : url(std::move(where)) {
    if (!url.tls) return;
    tls.set_default_verify_paths();
    tls.set_verify_mode(asio::ssl::verify_peer);
  }

  HttpReply call(http::verb method, std::string_view target, const HttpHeaders& headers, std::string_view body,
                 std::chrono::milliseconds timeout) {
    const auto request = request_for(url, method, target, headers, body);
    deadline = std::chrono::steady_clock::now() + timeout;
    timed_out = false;
    const bool reused = is_connected();
    try {
      if (!reused) connect();
      return exchange(request);
    } catch (const HttpError&) {
      disconnect();
      // The other side may have closed a connection that was idle, which shows only in its use.
      if (!reused || heard_something || timed_out || cancelled) throw;
    }
    try {
      connect();
      return exchange(request);
    } catch (const HttpError&) {
      disconnect();
      throw;
    }
  }

  void cancel() {
    cancelled = true;
    asio::post(io, [this] { give_up(); });
  }

  HttpUrl url;

 private:
  bool is_connected() const { return !std::holds_alternative<std::monostate>(stream); }

  template <class Use>
  void with_stream(Use use) {
    if (auto* plain = std::get_if<PlainStream>(&stream)) use(*plain);
    if (auto* secure = std::get_if<TlsStream>(&stream)) use(*secure);
  }

  void disconnect() {
    stream.emplace<std::monostate>();
    received.clear();
  }

  void give_up() {
    resolver.cancel();
    with_stream([](auto& each) { beast::get_lowest_layer(each).close(); });
  }

  // Starts an operation, handing it what to call at its end, and waits for that.
  template <class Start>
  void step(const char* doing, Start start) {
    if (cancelled) fail("cancelled");
    std::optional<error_code> result;
    asio::steady_timer timer(io, deadline);
    timer.async_wait([&](error_code aborted) {
      if (aborted || result) return;
      timed_out = true;
      give_up();
    });
    start([&](error_code failure) {
      result = failure;
      timer.cancel();
    });
    io.restart();
    io.run();
    if (cancelled) fail("cancelled");
    if (timed_out) fail(std::string("no end of ") + doing + " in time");
    if (*result) fail(result->message());
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw HttpError((url.tls ? "https://" : "http://") + url.authority() + ": " + why);
  }

  void connect() {
    tcp::resolver::results_type addresses;
    step("looking up the name", [&](auto done) {
      resolver.async_resolve(url.host, url.port, [&, done](error_code failure, tcp::resolver::results_type found) {
        addresses = std::move(found);
        done(failure);
      });
    });
    if (url.tls) {
      stream.emplace<TlsStream>(io, tls);
    } else {
      stream.emplace<PlainStream>(io);
    }
    with_stream([&](auto& each) {
      auto& lowest = beast::get_lowest_layer(each);
      step("connecting", [&](auto done) {
        lowest.async_connect(addresses, [done](error_code failure, const tcp::endpoint&) { done(failure); });
      });
      error_code ignored;
      lowest.socket().set_option(tcp::no_delay(true), ignored);
    });
    if (auto* secure = std::get_if<TlsStream>(&stream)) shake_hands(*secure);
  }

  void shake_hands(TlsStream& secure) {
    SSL_set_tlsext_host_name(secure.native_handle(), url.host.c_str());
    secure.set_verify_callback(asio::ssl::host_name_verification(url.host));
    step("the TLS handshake", [&](auto done) {
      secure.async_handshake(asio::ssl::stream_base::client, [done](error_code failure) { done(failure); });
    });
  }

  HttpReply exchange(const Request& request) {
    heard_something = false;
    Parser parser;
    parser.body_limit(kReplyBytesMax);
    with_stream([&](auto& each) {
      step("sending", [&](auto done) {
        http::async_write(each, request, [done](error_code failure, std::size_t) { done(failure); });
      });
      step("the answer", [&](auto done) {
        http::async_read(each, received, parser, [&, done](error_code failure, std::size_t bytes) {
          heard_something = bytes > 0;
          done(failure);
        });
      });
    });
    const bool keep = parser.keep_alive();
    auto reply = reply_of(parser.release());
    if (!keep) disconnect();
    return reply;
  }

  asio::io_context io{1};
  tcp::resolver resolver{io};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::variant<std::monostate, PlainStream, TlsStream> stream;
  beast::flat_buffer received;
  std::chrono::steady_clock::time_point deadline;
  bool timed_out = false;
  bool heard_something = false;  // Of the answer to this request.
  std::atomic<bool> cancelled = false;
};

HttpClient::HttpClient(HttpUrl url) : impl_(std::make_unique<Impl>(std::move(url))) {}

HttpClient::~HttpClient() = default;

HttpReply HttpClient::post(std::string_view target, const HttpHeaders& headers, std::string_view body,
                           std::chrono::milliseconds timeout) {
  return impl_->call(http::verb::post, target, headers, body, timeout);
}

HttpReply HttpClient::get(std::string_view target, const HttpHeaders& headers, std::chrono::milliseconds timeout) {
  return impl_->call(http::verb::get, target, headers, {}, timeout);
}

void HttpClient::cancel() { impl_->cancel(); }

const HttpUrl& HttpClient::url() const { return impl_->url; }

}  // namespace shoal
