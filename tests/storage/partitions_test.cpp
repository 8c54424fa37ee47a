#include "storage/partitions.h"

#include <catch2/catch.hpp>

using namespace shoal;

TEST_CASE("every place on the ring lies in exactly one partition") {
  const PartitionMap partitions{0, 100, 200};
  CHECK(partition_of({0}, ~0ull) == 0);
  CHECK(partition_of(partitions, 0) == 0);
  CHECK(partition_of(partitions, 99) == 0);
  CHECK(partition_of(partitions, 100) == 1);
  CHECK(partition_of(partitions, 199) == 1);
  CHECK(partition_of(partitions, 200) == 2);
  CHECK(partition_of(partitions, ~0ull) == 2);
}

TEST_CASE("a partition splits in the middle until it is a single place") {
  CHECK(middle_of({0}, 0) == std::uint64_t{1} << 63);
  CHECK(middle_of({0, 2}, 0) == 1);
  CHECK_FALSE(middle_of({0, 1, 2}, 0));
  CHECK_FALSE(middle_of({0, ~0ull}, 1));
}

TEST_CASE("a table has a partition for each 10 GB, and the widest one splits") {
  CHECK_FALSE(partition_to_split({0}, kPartitionBytesMax - 1));
  CHECK(partition_to_split({0}, kPartitionBytesMax) == 0);
  CHECK_FALSE(partition_to_split({0, std::uint64_t{1} << 63}, 2 * kPartitionBytesMax - 1));
  CHECK(partition_to_split({0, 1000}, 2 * kPartitionBytesMax) == 1);
  CHECK(partition_to_split({0, ~0ull - 1000}, 2 * kPartitionBytesMax) == 0);
}
