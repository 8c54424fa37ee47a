#include "server/http/inflate.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <random>

#include "protocol/json/reader.h"

using namespace shoal::http;

namespace {

constexpr int kGzip = 15 + 16, kZlib = 15, kBare = -15;

std::string deflated(const std::string& text, int window) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("gzip, zlib and bare deflate are all understood") {
  const std::string text = R"({"TableName": "Music"})";
  for (const int window : {kGzip, kZlib, kBare}) {
    std::string out = "left over";
    CHECK(inflate(deflated(text, window), 1000, out) == Inflated::done);
    CHECK(out == text);
    CHECK(out.capacity() >= out.size() + shoal::json::Parser::kPadding);
  }
}

TEST_CASE("a gzip file may have several members") {
  std::string out;
  CHECK(inflate(deflated("one", kGzip) + deflated(" two", kGzip), 1000, out) == Inflated::done);
  CHECK(out == "one two");
}

TEST_CASE("exactly as many bytes as allowed are done, one more is too large") {
  const std::string text(200'000, 'x');
  std::string out;
  CHECK(inflate(deflated(text, kGzip), text.size(), out) == Inflated::done);
  CHECK(out == text);
  CHECK(inflate(deflated(text, kGzip), text.size() - 1, out) == Inflated::too_large);
}

TEST_CASE("a bomb is stopped at the limit") {
  const std::string bomb = deflated(std::string(64 * 1024 * 1024, '\0'), kGzip);
  REQUIRE(bomb.size() < 100'000);
  std::string out;
  CHECK(inflate(bomb, 1024 * 1024, out) == Inflated::too_large);
  CHECK(out.capacity() < 3 * 1024 * 1024);
}

TEST_CASE("what was cut short or damaged is malformed") {
  std::string random;
  std::mt19937 generator(7);
  for (int i = 0; i < 2000; ++i) random += static_cast<char>(generator());
  const std::string whole = deflated(random, kGzip);
  std::string out;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{9}, whole.size() / 2, whole.size() - 1}) {
    CAPTURE(size);
    CHECK(inflate(whole.substr(0, size), 10'000, out) == Inflated::malformed);
  }
  std::string damaged = whole;
  damaged[whole.size() - 6] ^= 1;  // its CRC
  CHECK(inflate(damaged, 10'000, out) == Inflated::malformed);
  CHECK(inflate(whole + "rubbish", 10'000, out) == Inflated::malformed);
  CHECK(inflate(R"({"plain": "JSON"})", 10'000, out) == Inflated::malformed);
}
