#include "storage/kv/runs/run.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "storage/kv/runs/format.h"
#include "storage/kv/runs/run_writer.h"

namespace shoal::kv::runs {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Reading = Run::Reading;

// Nothing: erased.
using Map = std::map<std::string, std::optional<std::string>>;

// A folder that goes with it, and in it the run of a map.
class MadeRun {
 public:
  explicit MadeRun(const Map& map) {
    std::string name = fs::temp_directory_path() / "shoal-run-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    RunWriter writer(path(), map.size());
    for (const auto& [key, value] : map) {
      if (value) {
        writer.put(key, *value);
      } else {
        writer.erase(key);
      }
    }
    writer.finish();
    writer.keep();
  }
  ~MadeRun() { fs::remove_all(folder_); }
  MadeRun(const MadeRun&) = delete;

  fs::path path() const { return folder_ / "run.7"; }
  Run open() const { return {path(), 7}; }
  void change_byte(std::uint64_t at) const {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }

 private:
  fs::path folder_;
};

struct Random {
  explicit Random(unsigned seed) : engine(seed) {}
  std::size_t operator()(std::size_t below) { return engine() % below; }
  std::string key() {
    std::string key = "table" + std::string((*this)(3), '\0');
    for (auto i = 1 + (*this)(4); i > 0; --i) key += static_cast<char>("\0az\xff"[(*this)(4)]);
    if ((*this)(20) == 0) key += std::string((*this)(3000), 'l') + std::to_string((*this)(100));
    return key + std::to_string((*this)(1000));
  }
  std::string value() {
    return std::string((*this)((*this)(30) == 0 ? 20'000 : 300), 'v') + std::to_string((*this)(100));
  }
  Map map(std::size_t keys) {
    Map made;
    while (made.size() < keys) made[key()] = (*this)(4) == 0 ? std::nullopt : std::optional(value());
    return made;
  }
  std::mt19937 engine;
};

bool is(const std::optional<overlay::Found>& found, const std::optional<std::string>& value) {
  return found && found->erased == !value && (!value || found->value == *value);
}

}  // namespace

TEST_CASE("A run has what it was made of, and nothing else") {
  INFO("seed " << Catch::rngSeed());
  Random random(Catch::rngSeed());
  for (const std::size_t keys : {1, 2, 50, 3000}) {
    const auto map = random.map(keys);
    const MadeRun made(map);
    const Run run = made.open();
    CHECK(run.keys() == map.size());
    CHECK(run.bytes() == fs::file_size(made.path()));
    CHECK(run.number() == 7);
    for (const auto& [key, value] : map) REQUIRE(is(run.find(key, KeyHash(key)), value));
    for (int i = 0; i < 1000; ++i) {
      const auto key = random.key();
      const auto expected = map.find(key);
      const auto found = run.find(key, KeyHash(key));
      REQUIRE((expected == map.end() ? !found : is(found, expected->second)));
    }
  }
}

TEST_CASE("A run's cursor goes to and fro as one over a map does") {
  INFO("seed " << Catch::rngSeed());
  Random random(Catch::rngSeed());
  for (const auto reading : {Reading::here_and_there, Reading::whole}) {
    const auto map = random.map(1 + random(400));
    const MadeRun made(map);
    const Run run = made.open();
    const auto cursor = run.cursor(reading);
    auto at = map.end();
    bool there = false;
    for (int step = 0; step < 3000; ++step) {
      switch (there ? random(8) : random(2)) {
        case 0: {
          const auto key = random.key();
          at = map.lower_bound(key);
          there = cursor->seek(key);
          REQUIRE(there == (at != map.end()));
          break;
        }
        case 1: {
          const auto key = random.key();
          at = map.lower_bound(key);
          there = cursor->seek_before(key);
          REQUIRE(there == (at != map.begin()));
          if (there) --at;
          break;
        }
        case 2:
        case 3:
        case 4:
          there = cursor->next();
          REQUIRE(there == (++at != map.end()));
          break;
        default:
          there = cursor->previous();
          REQUIRE(there == (at != map.begin()));
          if (there) --at;
      }
      if (!there) continue;
      REQUIRE(cursor->key() == at->first);
      REQUIRE(cursor->erased() == !at->second);
      REQUIRE(cursor->value() == at->second.value_or(""));
    }
  }
}

TEST_CASE("A filter keeps nearly all from looking in vain") {
  Map map;
  for (int i = 0; i < 20'000; ++i) map["key" + std::to_string(i)] = "";
  std::string filter(filter_lines(map.size()) * kLineBytes, '\0');
  for (const auto& [key, _] : map) add_to_filter(filter, KeyHash(key));
  int passed = 0;
  for (const auto& [key, _] : map) {
    REQUIRE(may_have(filter, KeyHash(key)));
    passed += may_have(filter, KeyHash("other" + key));
  }
  CHECK(passed < 20'000 / 50);
}

TEST_CASE("What is not kept leaves no file") {
  const MadeRun made(Map{{"a", "1"}});
  fs::remove(made.path());
  {
    RunWriter writer(made.path(), 1);
    writer.put("a", "1");
    writer.finish();
    CHECK(fs::exists(made.path()));
  }
  CHECK_FALSE(fs::exists(made.path()));
}

TEST_CASE("A damaged run says so") {
  Random random(Catch::rngSeed());
  const MadeRun made(random.map(2000));
  const auto bytes = fs::file_size(made.path());
  SECTION("that was cut off") {
    fs::resize_file(made.path(), GENERATE_COPY(std::uintmax_t{0}, std::uintmax_t{10}, bytes / 2, bytes - 1));
    CHECK_THROWS_WITH(made.open(), Contains("run.7 is damaged"));
  }
  SECTION("at its end") {
    made.change_byte(bytes - 1 - random(kFooterBytes));
    CHECK_THROWS_WITH(made.open(), Contains("run.7 is damaged"));
  }
  SECTION("anywhere in a block: whoever reads all of it finds out") {
    made.change_byte(random(bytes / 2));
    const Run run = made.open();
    const auto cursor = run.cursor(Reading::whole);
    const auto read_all = [&] {
      for (bool there = cursor->seek({}); there; there = cursor->next()) (void)cursor->value();
    };
    CHECK_THROWS_WITH(read_all(), Contains("run.7 is damaged: block ") && Contains("another checksum"));
  }
  SECTION("that is not there") {
    fs::remove(made.path());
    CHECK_THROWS_WITH(made.open(), Contains("no such file or directory") && Contains("run.7"));
  }
}

}  // namespace shoal::kv::runs
