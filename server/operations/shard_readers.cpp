#include "server/operations/shard_readers.h"

#include <algorithm>
#include <random>

namespace shoal {
namespace {

constexpr std::chrono::milliseconds kWindow{1'000};
constexpr std::size_t kPlacesMax = 10'000;

}  // namespace

// Not the numbers of the process before, whose iterators may still be in use.
ShardReaders::ShardReaders() : last_number_(std::random_device()()) {}

ReaderNumber ShardReaders::next_reader() {
  const std::lock_guard lock(mutex_);
  return ++last_number_;
}

bool ShardReaders::admit(Place place, ReaderNumber reader, std::chrono::milliseconds now, std::size_t readers_max) {
  const std::lock_guard lock(mutex_);
  if (readers_.size() >= kPlacesMax) forget_the_idle(now);
  auto& readers = readers_[place];
  std::erase_if(readers, [now](const Reader& each) { return each.last + kWindow <= now; });
  const auto known =
      std::find_if(readers.begin(), readers.end(), [reader](const Reader& each) { return each.number == reader; });
  if (known != readers.end()) {
    known->last = now;
    return true;
  }
  if (readers.size() >= readers_max) return false;
  readers.push_back({reader, now});
  return true;
}

void ShardReaders::forget_the_idle(std::chrono::milliseconds now) {
  std::erase_if(readers_, [now](const auto& entry) {
    const auto& readers = entry.second;
    return std::all_of(readers.begin(), readers.end(),
                       [now](const Reader& each) { return each.last + kWindow <= now; });
  });
}

}  // namespace shoal
