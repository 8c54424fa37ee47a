// Integers in the store's files: eight bytes, little-endian; and their checksums.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string>

#include "storage/kv/kv.h"

namespace shoal::kv::log {

inline void append_integer(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i, value >>= 8) out += static_cast<char>(value);
}

inline std::uint64_t integer_at(Bytes bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

inline std::uint64_t checksum_of(Bytes bytes, std::uint64_t salt = 0) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), salt);
}

}  // namespace shoal::kv::log
