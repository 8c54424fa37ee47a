// A run's file: keys in ascending order, each once, with its value or as one that was erased; written once, from
// beginning to end, and never changed.
//
//   block...      of about 4 KB
//   entry...      of the index, one for each block
//   separators    key bytes: that of a block is not less than its last key, and less than the first key of the next
//   filter        a Bloom filter over all keys, lines of 64 bytes
//   footer
//
//   block         element... <offset of each element:4>... <elements:4> <checksum:8>
//   element       <bytes of the key:2> <bytes of the value:4, or kErased> key value
//   index entry   <offset of the block:8> <its bytes:4> <bytes of the separator:4> <offset in the separators:8>
//   footer        "SHOALRUN" <keys:8> <blocks:8> <offset of the index:8> of the separators:8> of the filter:8>
//                 <lines of the filter:8> <checksum:8>                               (integers little-endian)
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace shoal::kv::runs {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::string_view kMagic = "SHOALRUN";
inline constexpr std::size_t kBlockBytes = 4096;
inline constexpr std::size_t kElementHeadBytes = 6;
inline constexpr std::uint32_t kErased = UINT32_MAX;
inline constexpr std::size_t kBlockTailBytes = 12;
inline constexpr std::size_t kIndexEntryBytes = 24;
inline constexpr std::size_t kFooterBytes = 64;

template <typename Integer>
Integer load(const char* at) {
  Integer value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace shoal::kv::runs
