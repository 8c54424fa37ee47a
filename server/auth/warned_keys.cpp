#include "server/auth/warned_keys.h"

#include <functional>

namespace shoal {

bool WarnedKeys::add(std::string_view access_key) {
  const std::uint64_t hash = std::hash<std::string_view>{}(access_key) | 1;  // never 0
  for (std::size_t at = hash >> 1;; ++at) {
    auto& slot = slots_[at % kSlots];
    auto kept = slot.load(std::memory_order_relaxed);
    if (kept == hash) return false;
    if (kept != 0) continue;
    if (full()) return false;
    if (count_.fetch_add(1, std::memory_order_relaxed) >= kKeysMax) {
      count_.fetch_sub(1, std::memory_order_relaxed);
      return false;
    }
    if (slot.compare_exchange_strong(kept, hash, std::memory_order_relaxed)) return true;
    count_.fetch_sub(1, std::memory_order_relaxed);  // Another thread took the slot; maybe for this very key.
    if (kept == hash) return false;
  }
}

}  // namespace shoal
