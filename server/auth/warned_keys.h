// Which access keys have been warned of: a bounded set that requests ask without a lock.
//
//   if (warned.add(access_key)) spdlog::warn(...);  // true once for each of the first 1,000 keys
//
// It keeps hashes, not keys: of two keys with the same 64-bit hash only one is warned of.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace shoal {

class WarnedKeys {
 public:
  static constexpr std::size_t kKeysMax = 1'000;

  // Whether the key is new, and room was left for it.
  bool add(std::string_view access_key);

  bool full() const { return count_.load(std::memory_order_relaxed) >= kKeysMax; }

 private:
  static constexpr std::size_t kSlots = 2'048;              // A power of two: never more than half full.
  std::array<std::atomic<std::uint64_t>, kSlots> slots_{};  // 0: free
  std::atomic<std::size_t> count_{0};
};

}  // namespace shoal
