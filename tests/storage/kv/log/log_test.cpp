#include "storage/kv/log/log.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "storage/kv/log/record.h"
#include "storage/kv/temporary_folder.h"

namespace shoal::kv::log {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Records = std::vector<std::string>;

Records replayed(Log& log, std::uint64_t from) {
  Records records;
  log.replay(from, [&](Bytes record) { records.emplace_back(record); });
  return records;
}

Records in(const fs::path& folder, std::uint64_t from = 1) {
  Log log(folder);
  return replayed(log, from);
}

void append(Log& log, const Records& records) {
  for (const auto& record : records) log.append(record);
  log.sync();
}

std::vector<fs::path> segments(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

void overwrite(const fs::path& file, std::uint64_t at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(at));
  out << bytes;
}

}  // namespace

TEST_CASE("What was appended is replayed, from any record on, and numbers go on") {
  const TemporaryFolder folder;
  const Records records{"one", "", std::string(3 << 20, 'x'), "four"};
  {
    Log log(folder.path());
    CHECK(replayed(log, 1).empty());
    CHECK(log.next_record() == 1);
    append(log, records);
    CHECK(log.next_record() == 5);
  }
  CHECK((in(folder.path()) == records));
  CHECK((in(folder.path(), 4) == Records{"four"}));
  CHECK(in(folder.path(), 5).empty());
  Log log(folder.path());
  replayed(log, 1);
  append(log, {"five"});
  CHECK(log.next_record() == 6);
  CHECK((in(folder.path(), 4) == Records{"four", "five"}));
}

TEST_CASE("A record that was taken back is not there, and the next one takes its number") {
  const TemporaryFolder folder;
  {
    Log log(folder.path());
    replayed(log, 1);
    append(log, {"one", "two, which is longer than what follows"});
    log.take_back();
    append(log, {"other"});
  }
  CHECK((in(folder.path()) == Records{"one", "other"}));
}

TEST_CASE("What is torn at the end was never acknowledged: it is left out, and overwritten") {
  const TemporaryFolder folder;
  {
    Log log(folder.path());
    replayed(log, 1);
    append(log, {"one", "two", "three"});
  }
  const auto file = segments(folder.path()).at(0);
  // A segment's head has 40 bytes, and each of these records 32.
  overwrite(file, 40 + 2 * 32 + 24, "T");
  {
    Log log(folder.path());
    CHECK((replayed(log, 1) == Records{"one", "two"}));
    append(log, {"another"});
  }
  CHECK((in(folder.path()) == Records{"one", "two", "another"}));
}

TEST_CASE("A record that cannot be read and has others after it in later segments is damage, and said so") {
  const TemporaryFolder folder;
  {
    Log log(folder.path());
    replayed(log, 1);
    append(log, Records(5, std::string(9 << 20, 'r')));
  }
  const auto files = segments(folder.path());
  REQUIRE(files.size() >= 3);
  CHECK(in(folder.path()).size() == 5);
  SECTION("a byte is wrong") {
    overwrite(files[1], 1000, "x");
    CHECK_THROWS_WITH(in(folder.path()),
                      Contains("is damaged") && Contains("cannot be read, and there are later ones"));
  }
  SECTION("a segment is missing") {
    fs::remove(files[1]);
    CHECK_THROWS_WITH(in(folder.path()), Contains("is damaged"));
  }
  SECTION("the first one is missing, and needed") {
    fs::remove(files[0]);
    CHECK_THROWS_WITH(in(folder.path()), Contains("is damaged") && Contains("are missing"));
    CHECK(in(folder.path(), 4).size() == 2);
  }
}

TEST_CASE("Segments whose records are forgotten are used again, and what they held is not replayed") {
  const TemporaryFolder folder;
  const std::string record(1 << 20, 'r');
  {
    Log log(folder.path());
    replayed(log, 1);
    for (std::uint64_t i = 1; i <= 300; ++i) {
      log.append(std::to_string(i) + record);
      if (i % 20 == 0) {
        log.sync();
        log.forget_before(i);
        log.prepare_segment();
      }
    }
    log.sync();
  }
  std::uint64_t bytes = 0;
  for (const auto& file : segments(folder.path())) bytes += fs::file_size(file);
  CHECK(bytes <= 5 * kSegmentBytes);
  const auto left = in(folder.path(), 290);
  REQUIRE(left.size() == 11);
  CHECK((left.front() == "290" + record));
  CHECK((left.back() == "300" + record));
}

TEST_CASE("A client's bytes that look like a record are none") {
  const TemporaryFolder folder;
  std::string forged;
  {
    Log log(folder.path());
    replayed(log, 1);
    append(log, {"first", "forged"});
    std::ifstream file(segments(folder.path()).at(0), std::ios::binary);
    file.seekg(40 + 32);
    forged.resize(32);
    file.read(forged.data(), 32);
  }
  const TemporaryFolder other;
  {
    Log log(other.path());
    replayed(log, 1);
    append(log, {"first", std::string(8, 'x')});
    log.take_back();
  }
  overwrite(segments(other.path()).at(0), 40 + 32, forged);  // As if it had been the content of an item there.
  CHECK((in(other.path()) == Records{"first"}));
}

TEST_CASE("A cleared log leaves no file, and its numbers go on from where the store says") {
  const TemporaryFolder folder;
  {
    Log log(folder.path());
    replayed(log, 1);
    append(log, {"one", "two"});
    log.prepare_segment();
    log.clear();
  }
  CHECK(segments(folder.path()).empty());
  Log log(folder.path());
  CHECK(replayed(log, 3).empty());
  append(log, {"three"});
  CHECK((in(folder.path(), 3) == Records{"three"}));
}

TEST_CASE("A record of writes is read as it was written") {
  std::string record;
  append_put(record, "key", "value");
  append_erase(record, std::string(5000, 'k'));
  append_put(record, "k", "");
  std::string seen;
  read_record(
      record, [&](Bytes key, Bytes value) { seen.append(key).append("=").append(value).append(" "); },
      [&](Bytes key) { seen += "-" + std::to_string(key.size()) + " "; });
  CHECK(seen == "key=value -5000 k= ");
}

}  // namespace shoal::kv::log
