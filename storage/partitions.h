// The partition map of a table: where on the ring of partition keys each of its partitions begins. A table begins with
// one; partitions split by size, and when told to. A split moves no data, since items lie in the order of the ring: it
// divides what is counted and logged by partition.
//
//   partition_of(table.partitions, ring_of(item_key));   // 0: the first
//   middle_of(table.partitions, 0);                      // where the second half of it would begin
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace shoal {

using PartitionMap = std::vector<std::uint64_t>;  // Ascending; the first is 0.

inline constexpr std::int64_t kPartitionBytesMax = std::int64_t{10} << 30;
inline constexpr std::size_t kPartitionsMax = 10'000;

// The partition that a place on the ring lies in.
std::size_t partition_of(const PartitionMap& partitions, std::uint64_t ring);

// The middle of a partition; nothing when it is a single place.
std::optional<std::uint64_t> middle_of(const PartitionMap& partitions, std::size_t partition);

// The partition to split next so that `bytes` fit: keys spread evenly over the ring, so it is the widest one. Nothing
// while they fit.
std::optional<std::size_t> partition_to_split(const PartitionMap& partitions, std::int64_t bytes,
                                              std::int64_t partition_bytes_max = kPartitionBytesMax);

}  // namespace shoal
