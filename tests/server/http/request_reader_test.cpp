#include "server/http/request_reader.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

using namespace shoal::http;
using State = RequestReader::State;

namespace {

// Feeds all of `bytes` in pieces of the given size, keeping what is not taken, as a connection does.
State feed(RequestReader& reader, const std::string& bytes, std::size_t piece = 1u << 30) {
  std::string pending;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    pending += bytes.substr(at, piece);
    pending.erase(0, reader.feed(pending));
  }
  return reader.state();
}

std::string post(const std::string& body, const std::string& headers = "") {
  return "POST / HTTP/1.1\r\nHost: localhost:8000\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a request is the same however its bytes arrive") {
  const std::string text = post("{\"a\": 1}", "content-TYPE:  application/json \r\nOrigin: http://localhost\r\n");
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    RequestReader reader;
    REQUIRE(feed(reader, text, piece) == State::complete);
    const Request& request = reader.request();
    CHECK(request.method == "POST");
    CHECK(request.target == "/");
    CHECK(request.body == "{\"a\": 1}");
    CHECK(request.api_target == "DynamoDB_20120810.GetItem");
    CHECK(request.content_type == "application/json");
    CHECK(request.origin == "http://localhost");
    CHECK(request.keep_alive);
    REQUIRE(request.headers.size() == 5);
    CHECK(request.headers[0].first == "Host");
    CHECK(request.headers[0].second == "localhost:8000");
  }
}

TEST_CASE("one request after the other comes out of one stream") {
  RequestReader reader;
  std::string stream = post("first") + post("") + post("third!");
  std::vector<std::string> bodies;
  while (!stream.empty()) {
    stream.erase(0, reader.feed(stream));
    REQUIRE(reader.state() == State::complete);
    bodies.emplace_back(reader.request().body);
    reader.next();
  }
  CHECK(bodies == std::vector<std::string>{"first", "", "third!"});
}

TEST_CASE("chunked bodies are put together, extensions and trailers dropped") {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\nA;name=value\r\n 123456789\r\n0\r\nX-Trailer: t\r\nOrigin: http://evil\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    RequestReader reader;
    REQUIRE(feed(reader, text, piece) == State::complete);
    CHECK(reader.request().body == "hello 123456789");
    CHECK(reader.request().origin.empty());
    CHECK(reader.request().headers.size() == 2);
  }
}

TEST_CASE("a body of 16 MB is complete, of one byte more too large: counted or chunked") {
  const std::string most(kBodyBytesMax, 'x');
  {
    RequestReader reader;
    CHECK(feed(reader, post(most), 64 * 1024) == State::complete);
    CHECK(reader.request().body == most);
    reader.next();
    CHECK(feed(reader, post("small")) == State::complete);
  }
  {
    RequestReader reader;
    CHECK(feed(reader, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 16777217\r\n\r\n") == State::refused);
    CHECK(reader.refusal() == RequestReader::Refusal::too_large);
  }
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "100000\r\n" + std::string(1024 * 1024, 'x') + "\r\n";
  {
    RequestReader reader;
    std::string stream = head;
    for (int i = 0; i < 16; ++i) stream += chunk;
    CHECK(feed(reader, stream + "0\r\n\r\n", 64 * 1024) == State::complete);
    CHECK(reader.request().body.size() == kBodyBytesMax);
  }
  {
    RequestReader reader;
    std::string stream = head;
    for (int i = 0; i < 16; ++i) stream += chunk;
    CHECK(feed(reader, stream + "1\r\nx\r\n0\r\n\r\n") == State::refused);
    CHECK(reader.refusal() == RequestReader::Refusal::too_large);
  }
}

TEST_CASE("the request line and the headers have 16 KB each") {
  const auto with_header_of = [](std::size_t bytes) {
    // "Host: h" and "X: ..." count with their separators.
    return "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(bytes - 9 - 5, 'v') + "\r\n\r\n";
  };
  RequestReader reader;
  CHECK(feed(reader, with_header_of(kHeadBytesMax)) == State::complete);
  reader.next();
  CHECK(feed(reader, with_header_of(kHeadBytesMax + 1)) == State::refused);
  CHECK(reader.refusal() == RequestReader::Refusal::malformed);

  RequestReader lines;
  CHECK(feed(lines, "GET /" + std::string(kHeadBytesMax - 4, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n") == State::complete);
  lines.next();
  CHECK(feed(lines, "GET /" + std::string(kHeadBytesMax - 3, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n") == State::refused);

  RequestReader endless;
  CHECK(feed(endless, "GET / HTTP/1.1\r\n" + std::string(40'000, 'a'), 1000) == State::refused);
}

TEST_CASE("what is no HTTP is refused") {
  for (const std::string& text :
       {std::string("hello\r\n\r\n"), std::string("GET\r\n\r\n"),
        std::string("\x16\x03\x01\x02", 4) + std::string(40, 'x'), std::string("GET / HTTP/2.0\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nNo colon\r\n\r\n"), std::string("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        std::string("GET / HTTP/1.1\r\nX: a\x01z\r\n\r\n"), std::string("GET /\x7f HTTP/1.1\r\n\r\n")}) {
    CAPTURE(text);
    RequestReader reader;
    CHECK(feed(reader, text) == State::refused);
  }
}

TEST_CASE("a client that expects to be told to continue is known by it") {
  RequestReader reader;
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  CHECK_FALSE(reader.expects_continue());
  CHECK(feed(reader, head) == State::body);
  CHECK(reader.expects_continue());
  CHECK(feed(reader, "{}") == State::complete);
  CHECK_FALSE(reader.expects_continue());
}

TEST_CASE("keep-alive is HTTP/1.1's habit, HTTP/1.0's exception") {
  const auto keep_alive = [](const std::string& version, const std::string& header) {
    RequestReader reader;
    REQUIRE(feed(reader, "GET / HTTP/" + version + "\r\n" + header + "\r\n") == State::complete);
    return reader.request().keep_alive;
  };
  CHECK(keep_alive("1.1", ""));
  CHECK_FALSE(keep_alive("1.1", "Connection: close\r\n"));
  CHECK_FALSE(keep_alive("1.0", ""));
  CHECK(keep_alive("1.0", "Connection: keep-alive\r\n"));
}

// Any bytes at all, whole or in pieces: an answer or a refusal, never a crash.
TEST_CASE("rubbish never harms the reader") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string base =
      post("{\"a\": 1}", "Transfer-Encoding: gzip\r\n") +
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nT: x\r\n\r\n";
  int refused = 0, complete = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = round % 2 == 0 ? base : base.substr(base.find("POST", 4));
    for (unsigned i = 0; i < 1 + random() % 4; ++i) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, random() % 8);
          break;
        default:
          text.insert(at, 1 + random() % 8, "\r\n:0 ;"[random() % 6]);
          break;
      }
      if (text.empty()) text = "x";
    }
    RequestReader reader;
    const State state = feed(reader, text, 1 + random() % text.size());
    refused += state == State::refused;
    complete += state == State::complete;
  }
  CHECK(refused > 0);
  CHECK(complete > 0);
}
