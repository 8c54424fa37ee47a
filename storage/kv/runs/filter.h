// A Bloom filter in lines of 64 bytes, so that to ask it costs one access to memory: whether a key may be among those
// that were added. It says yes to about one in a hundred others.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "storage/kv/kv.h"

namespace shoal::kv::runs {

inline constexpr std::size_t kLineBytes = 64;
inline constexpr std::size_t kFilterBitsOfKey = 12;

class KeyHash {
 public:
  explicit KeyHash(Bytes key) : hash_(XXH3_64bits(key.data(), key.size())) {}

  std::uint64_t line(std::uint64_t lines) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(hash_) * lines) >> 64);
  }
  // Calls `visit(bit)` for the bits of the line that stand for the key, until one call returns false.
  template <typename Visit>
  bool all_bits(Visit visit) const {
    auto bits = hash_ * 0x9E3779B97F4A7C15;  // Others than those that chose the line.
    for (int i = 0; i < 7; ++i, bits >>= 9) {
      if (!visit(bits & 511)) return false;
    }
    return true;
  }

 private:
  std::uint64_t hash_;
};

inline std::uint64_t filter_lines(std::uint64_t keys) {
  return std::max<std::uint64_t>(1, (keys * kFilterBitsOfKey + kLineBytes * 8 - 1) / (kLineBytes * 8));
}

inline void add_to_filter(std::string& filter, KeyHash hash) {
  char* line = filter.data() + hash.line(filter.size() / kLineBytes) * kLineBytes;
  hash.all_bits([line](std::uint64_t bit) {
    line[bit / 8] = static_cast<char>(line[bit / 8] | 1 << bit % 8);
    return true;
  });
}

// So that the answers of a few filters are waited for together.
inline void prefetch(Bytes filter, KeyHash hash) {
  __builtin_prefetch(filter.data() + hash.line(filter.size() / kLineBytes) * kLineBytes);
}

inline bool may_have(Bytes filter, KeyHash hash) {
  const char* line = filter.data() + hash.line(filter.size() / kLineBytes) * kLineBytes;
  return hash.all_bits([line](std::uint64_t bit) { return (line[bit / 8] >> bit % 8 & 1) != 0; });
}

}  // namespace shoal::kv::runs
