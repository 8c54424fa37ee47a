#include "server/http/inflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

#include "protocol/json/reader.h"

namespace shoal::http {
namespace {

constexpr std::size_t kFirstBytes = 16 * 1024;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

using Decompress = decltype(&libdeflate_gzip_decompress_ex);  // One member of its format.

Inflated run(Decompress decompress, std::string_view compressed, std::size_t bytes_max, std::string& out) {
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  std::size_t size = 0;
  out.resize(std::min(bytes_max + 1, std::max(kFirstBytes, 4 * compressed.size())));
  do {
    std::size_t taken = 0, made = 0;
    switch (decompress(decompressor.get(), compressed.data(), compressed.size(), out.data() + size, out.size() - size,
                       &taken, &made)) {
      case LIBDEFLATE_SUCCESS:
        compressed.remove_prefix(taken);
        size += made;
        break;
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (out.size() > bytes_max) return Inflated::too_large;
        out.resize(std::min(bytes_max + 1, 2 * out.size()));
        break;
      default:
        return Inflated::malformed;
    }
  } while (!compressed.empty());
  if (size > bytes_max) return Inflated::too_large;
  out.resize(size);
  out.reserve(size + json::Parser::kPadding);
  return Inflated::done;
}

}  // namespace

Inflated inflate(std::string_view compressed, std::size_t bytes_max, std::string& out) {
  for (const Decompress decompress :
       {&libdeflate_gzip_decompress_ex, &libdeflate_zlib_decompress_ex, &libdeflate_deflate_decompress_ex}) {
    if (const auto result = run(decompress, compressed, bytes_max, out); result != Inflated::malformed) return result;
  }
  return Inflated::malformed;
}

}  // namespace shoal::http
