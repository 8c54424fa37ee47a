#include "server/http/inflate.h"

#include <zlib.h>

#include <algorithm>

#include "protocol/json/reader.h"

namespace shoal::http {
namespace {

constexpr int kAnyHeader = 15 + 32;  // zlib.h: 15 bits of window, +32 finds out whether it is gzip or zlib.
constexpr int kNoHeader = -15;
constexpr std::size_t kFirstBytes = 16 * 1024;

Inflated run(z_stream& stream, std::string_view compressed, std::size_t bytes_max, std::string& out) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::size_t size = 0;
  out.resize(std::min(bytes_max + 1, std::max(kFirstBytes, 4 * compressed.size())));
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
    stream.avail_out = static_cast<uInt>(out.size() - size);
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    size = out.size() - stream.avail_out;
    if (size > bytes_max) return Inflated::too_large;
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (inflateReset(&stream) != Z_OK) return Inflated::malformed;  // The next member of a gzip file.
      continue;
    }
    const bool out_of_room = stream.avail_out == 0;
    if ((result != Z_OK && result != Z_BUF_ERROR) || !out_of_room) return Inflated::malformed;
    out.resize(std::min(bytes_max + 1, 2 * out.size()));
  }
  out.resize(size);
  out.reserve(size + json::Parser::kPadding);
  return Inflated::done;
}

Inflated run(int window, std::string_view compressed, std::size_t bytes_max, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) return Inflated::malformed;
  const auto result = run(stream, compressed, bytes_max, out);
  inflateEnd(&stream);
  return result;
}

}  // namespace

Inflated inflate(std::string_view compressed, std::size_t bytes_max, std::string& out) {
  const auto result = run(kAnyHeader, compressed, bytes_max, out);
  return result == Inflated::malformed ? run(kNoHeader, compressed, bytes_max, out) : result;
}

}  // namespace shoal::http
