#include "storage/partitions.h"

#include <algorithm>
#include <limits>

namespace shoal {
namespace {

std::uint64_t last_of(const PartitionMap& partitions, std::size_t partition) {
  return partition + 1 < partitions.size() ? partitions[partition + 1] - 1 : std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t width_of(const PartitionMap& partitions, std::size_t partition) {
  return last_of(partitions, partition) - partitions[partition];
}

}  // namespace

std::size_t partition_of(const PartitionMap& partitions, std::uint64_t ring) {
  if (partitions.size() == 1) return 0;
  return static_cast<std::size_t>(std::upper_bound(partitions.begin(), partitions.end(), ring) - partitions.begin()) -
         1;
}

std::optional<std::uint64_t> middle_of(const PartitionMap& partitions, std::size_t partition) {
  const auto width = width_of(partitions, partition);
  if (width == 0) return std::nullopt;
  return partitions[partition] + width / 2 + 1;
}

std::optional<std::size_t> partition_to_split(const PartitionMap& partitions, std::int64_t bytes,
                                              std::int64_t partition_bytes_max) {
  if (partitions.size() >= kPartitionsMax) return std::nullopt;
  if (bytes / partition_bytes_max < static_cast<std::int64_t>(partitions.size())) return std::nullopt;
  std::size_t widest = 0;
  for (std::size_t i = 1; i < partitions.size(); ++i) {
    if (width_of(partitions, i) > width_of(partitions, widest)) widest = i;
  }
  return widest;
}

}  // namespace shoal
