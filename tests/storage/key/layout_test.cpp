#include "storage/key/layout.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

namespace shoal {

namespace {
bool begins(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
}  // namespace

// Hashes are in data folders: a library whose XXH3 were another one would lose every item.
TEST_CASE("Places on the ring never change") {
  CHECK(ring_position("") == 0x2d06800538d394c2);
  CHECK(ring_position("abc") == 0x78af5f94892f3950);
}

TEST_CASE("A partition's keys begin with its space, its place on the ring and its key") {
  const std::string parts("Nobody\x00\x01", 8);
  const auto key = partition_prefix(0x01020304, parts);
  CHECK(key.substr(0, 5) == std::string("\x10\x01\x02\x03\x04", 5));
  CHECK(begins(key, space_prefix(0x01020304)));
  CHECK(begins(key, ring_prefix(0x01020304, ring_position(parts))));
  CHECK(key.substr(13) == parts);
  CHECK(ring_of(key) == ring_position(parts));
  CHECK(ring_of(ring_prefix(7, 0xfedcba9876543210)) == 0xfedcba9876543210);
}

TEST_CASE("Spaces and places on the ring sort by number") {
  CHECK(space_prefix(0x7f) < space_prefix(0x80));
  CHECK(space_prefix(0xff) < space_prefix(0x100));
  CHECK(ring_prefix(1, 0x7fffffffffffffff) < ring_prefix(1, 0x8000000000000000));
  CHECK(ring_prefix(1, 0xffffffffffffffff) < space_prefix(2));
}

TEST_CASE("Keys of the catalog sort by account, region and name, whatever these begin with") {
  CHECK(catalog_key("1", "eu", "T") == std::string("\x01"
                                                   "1\0eu\0T",
                                                   7));
  CHECK(catalog_key("1", "eu", "Z") < catalog_key("1", "eu-west", "A"));
  CHECK(catalog_key("1", "us", "Z") < catalog_key("10", "eu", "A"));
  CHECK(begins(catalog_key("1", "eu", "T"), catalog_prefix()));
}

TEST_CASE("No two kinds of key meet") {
  const std::set<std::string> keys{space_prefix(5),
                                   generation_key(5),
                                   counter_key(5, Counter::items),
                                   counter_key(5, Counter::bytes),
                                   counter_key(6, Counter::items),
                                   sequence_key(std::string("\0\0\0\x05", 4)),
                                   job_key(5),
                                   collection_key(5, "p"),
                                   catalog_key("", "", "")};
  CHECK(keys.size() == 9);
  for (const auto& a : keys) {
    for (const auto& b : keys) CHECK((a == b || !begins(a, b)));
  }
}

TEST_CASE("A job tells the space that it is for") {
  CHECK(space_of(job_key(0xdeadbeef)) == 0xdeadbeef);
  CHECK(begins(job_key(1), job_prefix()));
}

}  // namespace shoal
