#include "server/http/inflate.h"

#include <libdeflate.h>

#include <catch2/catch.hpp>
#include <random>

#include "protocol/json/reader.h"

using namespace shoal::http;

namespace {

using Compress = decltype(&libdeflate_gzip_compress);
constexpr Compress kGzip = &libdeflate_gzip_compress, kZlib = &libdeflate_zlib_compress,
                   kBare = &libdeflate_deflate_compress;

std::string deflated(const std::string& text, Compress compress) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

}  // namespace

TEST_CASE("gzip, zlib and bare deflate are all understood") {
  const std::string text = R"({"TableName": "Music"})";
  for (const Compress format : {kGzip, kZlib, kBare}) {
    std::string out = "left over";
    CHECK(inflate(deflated(text, format), 1000, out) == Inflated::done);
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
