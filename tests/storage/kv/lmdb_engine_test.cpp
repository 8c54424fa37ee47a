// The LMDB engine: what every engine does, and what is its own: folders, full disks, the map.
#include <lmdb.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <future>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "storage/kv/engine_suite.h"
#include "storage/kv/lmdb/engine.h"
#include "storage/kv/lmdb/environment.h"
#include "storage/kv/lmdb/long_keys.h"
#include "storage/kv/temporary_folder.h"

namespace shoal::kv {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr std::size_t kSmallLog = 256 << 10;

MakeEngine in_folder(const LmdbOptions& options) {
  return [options] {
    const auto folder = std::make_shared<TemporaryFolder>();
    return EngineUnderTest{[folder, options] { return open_lmdb(folder->path(), options); }, true};
  };
}

void write_file(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void put(Engine& engine, const std::string& key, const std::string& value) {
  engine.write([&](Transaction& transaction) { transaction.put(key, value); });
}

}  // namespace

TEST_CASE("LMDB, synced, keeps what an engine promises") { check_engine(in_folder({Durability::sync})); }

TEST_CASE("LMDB, relaxed, keeps what an engine promises") { check_engine(in_folder({Durability::relaxed})); }

TEST_CASE("LMDB in memory keeps what an engine promises") {
  check_engine([] { return EngineUnderTest{[] { return open_lmdb_in_memory(); }, false}; });
}

// Every batch outgrows the map sooner or later, so each of the promises is kept across its doubling.
TEST_CASE("LMDB with a map that is always too small keeps what an engine promises") {
  SECTION("in memory") {
    check_engine([] { return EngineUnderTest{[] { return open_lmdb_in_memory(1 << 20); }, false}; });
  }
  SECTION("on disk") { check_engine(in_folder({Durability::relaxed, 1 << 20, kSmallLog})); }
}

// Whose memtables are full after every few writes.
TEST_CASE("LMDB with a small log keeps what an engine promises") {
  check_engine(in_folder({Durability::sync, std::size_t{1} << 40, kSmallLog}));
}

// Where every memtable becomes a run that is merged as soon as can be, and writes wait for that; or where a few runs
// may gather, and become one.
TEST_CASE("LMDB with runs keeps what an engine promises") {
  const std::uint64_t run_bytes = GENERATE(std::uint64_t{0}, std::uint64_t{1} << 20);
  check_engine(in_folder({Durability::sync, std::size_t{1} << 40, kSmallLog, run_bytes}));
}

TEST_CASE("A folder is made, with the parents it needs") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "some" / "where";
  put(*open_lmdb(path), "a", "1");
  CHECK(read_file(path / "format") == "shoal data format 3\n");
  CHECK(open_lmdb(path)->snapshot()->get("a").has_value());
}

TEST_CASE("A folder that cannot be made or written is named") {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "");
  CHECK_THROWS_WITH(open_lmdb(folder.path() / "file" / "data"),
                    Contains("cannot make the data folder") && Contains("file/data") && Contains("Not a directory"));
  CHECK_THROWS_WITH(open_lmdb("/proc/self/shoal"), Contains("cannot make the data folder /proc/self/shoal"));
  // A place in which even root makes no file.
  CHECK_THROWS_WITH(open_lmdb("/proc/self"), Contains("cannot write to the data folder /proc/self"));
}

TEST_CASE("A folder is one process's at a time") {
  const TemporaryFolder folder;
  {
    const auto engine = open_lmdb(folder.path());
    CHECK_THROWS_WITH(open_lmdb(folder.path()), Contains("the data folder " + folder.path().string() +
                                                         " is in use by process " + std::to_string(::getpid())));
    put(*engine, "a", "1");
  }
  CHECK(open_lmdb(folder.path())->snapshot()->get("a").has_value());
}

TEST_CASE("A newer format is refused, with what to do about it") {
  const TemporaryFolder folder;
  { open_lmdb(folder.path()); }
  write_file(folder.path() / "format", "shoal data format 4\n");
  CHECK_THROWS_WITH(open_lmdb(folder.path()),
                    Contains("has data format 4, and this Shoal knows formats up to 3: run the newer Shoal"));
  // One of before the log, or before the runs, is taken over.
  for (const auto* older : {"shoal data format 1\n", "shoal data format 2\n"}) {
    write_file(folder.path() / "format", older);
    CHECK_NOTHROW(open_lmdb(folder.path()));
    CHECK(read_file(folder.path() / "format") == "shoal data format 3\n");
  }
}

TEST_CASE("A folder that is not Shoal's is refused") {
  const TemporaryFolder folder;
  SECTION("a format file of something else") {
    for (const auto* text : {"", "shoal data format", "shoal data format x\n", "shoal data format 1 \n",
                             "shoal data format 0\n", "shoal data format -1\n", "other"}) {
      write_file(folder.path() / "format", text);
      CHECK_THROWS_WITH(open_lmdb(folder.path()), Contains("does not name a format that Shoal ever wrote"));
    }
  }
  SECTION("a data file without a format") {
    write_file(folder.path() / "data.mdb", "x");
    CHECK_THROWS_WITH(open_lmdb(folder.path()), Contains("was not made by Shoal"));
  }
  SECTION("a data file of something else") {
    { open_lmdb(folder.path()); }
    write_file(folder.path() / "data.mdb", std::string(100'000, 'x'));
    CHECK_THROWS_WITH(open_lmdb(folder.path()), Contains("data.mdb") && Contains("damaged"));
  }
}

TEST_CASE("What was acknowledged is there after the process was killed") {
  if (kSanitized) return;  // Sanitizers do not take a fork that starts threads.
  for (const auto durability : {Durability::sync, Durability::relaxed}) {
    const TemporaryFolder folder;
    const auto child = ::fork();
    if (child == 0) {
      const auto engine = open_lmdb(folder.path(), {durability});
      for (int i = 0; i < 100; ++i) put(*engine, "k" + std::to_string(i), "v");
      put(*engine, std::string(5000, 'k'), "v");
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    const auto engine = open_lmdb(folder.path(), {durability});
    for (int i = 0; i < 100; ++i) CHECK(engine->snapshot()->get("k" + std::to_string(i)).has_value());
    CHECK(engine->snapshot()->get(std::string(5000, 'k')).has_value());
  }
}

TEST_CASE("Who serves nobody commits on its own thread, unless somebody commits already; statistics count both") {
  const TemporaryFolder folder;
  const auto engine = open_lmdb(folder.path());
  const auto where = [&](Submitter submitter) {
    std::promise<std::thread::id> ran;
    engine->submit([&](Transaction& transaction) { transaction.put("key", "value"); },
                   [&](std::exception_ptr) { ran.set_value(std::this_thread::get_id()); }, submitter);
    return ran.get_future().get();
  };
  CHECK(where(Submitter::serves_nobody) == std::this_thread::get_id());
  CHECK(where(Submitter::serves_others) != std::this_thread::get_id());

  std::promise<void> begun, go_on;
  engine->submit(
      [&](Transaction&) {
        begun.set_value();
        go_on.get_future().wait();
      },
      [](std::exception_ptr) {});
  begun.get_future().wait();
  std::promise<std::thread::id> ran;
  engine->submit([](Transaction& transaction) { transaction.put("key", "other"); },
                 [&](std::exception_ptr) { ran.set_value(std::this_thread::get_id()); }, Submitter::serves_nobody);
  CHECK(engine->statistics().waiting == 1);
  go_on.set_value();
  CHECK(ran.get_future().get() != std::this_thread::get_id());
  engine->write([](Transaction&) {});  // So that the one before is counted.
  const auto statistics = engine->statistics();
  CHECK(statistics.writes >= 4);
  CHECK(statistics.commits >= 4);
  CHECK(statistics.committing.count() > 0);
  CHECK(statistics.unapplied_bytes > 0);
}

TEST_CASE("The map grows with what is kept") {
  const TemporaryFolder folder;
  const std::string value(100'000, 'v');
  {
    const auto engine = open_lmdb(folder.path(), {Durability::relaxed, 1 << 20, kSmallLog});
    for (int i = 0; i < 100; ++i) put(*engine, "k" + std::to_string(i), value);
    for (int i = 0; i < 100; ++i) REQUIRE((engine->snapshot()->get("k" + std::to_string(i)) == Bytes(value)));
    put(*engine, "huge", std::string(40 << 20, 'h'));
    CHECK(engine->snapshot()->get("huge")->size() == 40 << 20);
  }
  const auto engine = open_lmdb(folder.path(), {Durability::relaxed, 1 << 20});
  CHECK((engine->snapshot()->get("k99") == Bytes(value)));
}

// The map moves when it grows, so not under a reader.
TEST_CASE("While a snapshot is held a full map fails the write, and only that") {
  const auto engine = open_lmdb_in_memory(1 << 20);
  put(*engine, "small", "1");
  auto snapshot = engine->snapshot();
  const std::string value(2 << 20, 'v');
  CHECK_THROWS_WITH(put(*engine, "large", value), Contains("the store's map is full"));
  CHECK(snapshot->get("small") == Bytes("1"));
  put(*engine, "small", "2");
  snapshot.reset();
  put(*engine, "large", value);
  CHECK((engine->snapshot()->get("large") == Bytes(value)));
  CHECK(engine->snapshot()->get("small") == Bytes("2"));
}

// The body's own affair what it makes of a failure; the engine knows all the same that the transaction is lost.
TEST_CASE("A body that goes on after a failed write is run again or fails, but never half done") {
  const auto engine = open_lmdb_in_memory(1 << 20);
  const auto body = [](Transaction& transaction) {
    transaction.put("before", "1");
    try {
      transaction.put("large", std::string(3 << 20, 'x'));
    } catch (const EngineError&) {
    }
  };
  auto snapshot = engine->snapshot();
  CHECK_THROWS_WITH(engine->write(body), Contains("the store's map is full"));
  snapshot.reset();
  CHECK_FALSE(engine->snapshot()->get("before"));
  CHECK_NOTHROW(engine->write(body));
  CHECK(engine->snapshot()->get("before").has_value());
  CHECK(engine->snapshot()->get("large").has_value());
}

TEST_CASE("A map larger than the address space that is granted is halved until it fits") {
  const TemporaryFolder folder;
  const auto engine = open_lmdb(folder.path(), {Durability::sync, std::size_t{1} << 52});
  put(*engine, "a", "1");
  CHECK(engine->snapshot()->get("a").has_value());
}

TEST_CASE("The store opens under a limit of the address space") {
  if (kSanitized) return;  // They need terabytes themselves.
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
  rlimit limited = before;
  limited.rlim_cur = rlim_t{6} << 30;
  REQUIRE(::setrlimit(RLIMIT_AS, &limited) == 0);
  const TemporaryFolder folder;
  {
    const auto on_disk = open_lmdb(folder.path());
    const auto in_memory = open_lmdb_in_memory();
    put(*on_disk, "a", "1");
    put(*in_memory, "a", "1");
  }
  REQUIRE(::setrlimit(RLIMIT_AS, &before) == 0);
}

TEST_CASE("Too many snapshots are refused in words, and there is room again when some are let go") {
  const auto engine = open_lmdb_in_memory();
  put(*engine, "a", "1");
  std::vector<std::unique_ptr<Snapshot>> snapshots;
  for (unsigned i = 0; i < lmdb::kReadersMax; ++i) snapshots.push_back(engine->snapshot());
  CHECK_THROWS_WITH(engine->snapshot(), Contains("too many snapshots are open at once (4096)"));
  put(*engine, "a", "2");
  snapshots.resize(10);
  CHECK(engine->snapshot()->get("a") == Bytes("2"));
  // On other threads too, though this one's idle transactions hold nearly all the places.
  bool read = false;
  std::thread([&] { read = engine->snapshot()->get("a") == Bytes("2"); }).join();
  CHECK(read);
}

namespace {

// Writes until the disk is full, then checks what a full disk may and may not do.
void check_full_disk(Engine& engine, const std::string& reason, const std::function<void()>& make_room) {
  const std::string value(200'000, 'v');
  std::string message;
  int written = 0;
  try {
    for (; written < 200; ++written) put(engine, "k" + std::to_string(written), value);
  } catch (const EngineError& error) {
    message = error.what();
  }
  INFO(message);
  REQUIRE(written > 0);
  REQUIRE(written < 200);
  CHECK_THAT(message, Contains(reason) && Contains("while writing the log"));

  // A write that does not fit takes none with it that does.
  std::promise<void> released;
  const auto release = released.get_future().share();
  engine.submit([release](Transaction&) { release.wait(); }, [](std::exception_ptr) {});
  std::promise<bool> large, erased;
  engine.submit([](Transaction& transaction) { transaction.erase("k0"); },
                [&](std::exception_ptr failure) { erased.set_value(!failure); });
  engine.submit([](Transaction& transaction) { transaction.put("large", std::string(8 << 20, 'x')); },
                [&](std::exception_ptr failure) { large.set_value(!failure); });
  released.set_value();
  CHECK_FALSE(large.get_future().get());
  const bool was_erased = erased.get_future().get();

  // What was acknowledged is there, whole; what was not is not.
  for (int i = was_erased ? 1 : 0; i < written; ++i) {
    REQUIRE((engine.snapshot()->get("k" + std::to_string(i)) == Bytes(value)));
  }
  CHECK_FALSE(engine.snapshot()->get("k" + std::to_string(written)));
  CHECK_FALSE(engine.snapshot()->get("large"));

  make_room();
  put(engine, "large", std::string(8 << 20, 'x'));
  CHECK(engine.snapshot()->get("large")->size() == 8 << 20);
}

}  // namespace

TEST_CASE("A file that may not grow fails the writes that need it to, until it may") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  const TemporaryFolder folder;
  const auto engine = open_lmdb(folder.path());
  rlimit limited = before;
  limited.rlim_cur = 4 << 20;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limited) == 0);
  check_full_disk(*engine, "file too large", [&] { REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0); });
  ::signal(SIGXFSZ, old_handler);
}

TEST_CASE("A full disk fails the writes that need room, until there is some") {
  const TemporaryFolder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=20m") != 0) {
    WARN("skipped: mounting a small file system needs privileges; the test with a limited file size covers the engine");
    return;
  }
  write_file(folder.path() / "ballast", std::string(16 << 20, 'b'));
  {
    const auto engine = open_lmdb(folder.path() / "data");
    check_full_disk(*engine, "no space left on device", [&] { fs::remove(folder.path() / "ballast"); });
  }
  CHECK(open_lmdb(folder.path() / "data")->snapshot()->get("large").has_value());
  REQUIRE(::umount(folder.path().c_str()) == 0);
}

TEST_CASE("The nodes of a long key go with it") {
  const TemporaryFolder folder;
  const auto env = lmdb::open_environment(folder.path() / "data", 1 << 24, 0);
  const lmdb::LongKeys keys(env.get());
  const std::string base(16384, 'k');
  MDB_txn* txn = nullptr;
  REQUIRE(mdb_txn_begin(env.get(), nullptr, 0, &txn) == 0);
  MDB_dbi nodes = 0;
  REQUIRE(mdb_dbi_open(txn, std::string(511, '\xff').c_str(), 0, &nodes) == 0);
  const auto entries = [&] {
    MDB_stat stat;
    REQUIRE(mdb_stat(txn, nodes, &stat) == 0);
    return stat.ms_entries;
  };
  keys.put(txn, base.substr(0, 510), "short");
  CHECK(entries() == 0);
  keys.put(txn, base, "v");
  CHECK(entries() == 32);  // A link in each node but the last: 510 + 31 * 502 bytes, and 312 more.
  keys.put(txn, base.substr(0, 2000), "v");
  CHECK(entries() == 33);
  keys.erase(txn, base + "no");
  keys.erase(txn, base.substr(0, 16383));
  CHECK(entries() == 33);
  keys.erase(txn, base);
  CHECK(entries() == 3);
  keys.erase(txn, base.substr(0, 2000));
  CHECK(entries() == 0);
  CHECK(keys.get(txn, base.substr(0, 510)) == Bytes("short"));
  mdb_txn_abort(txn);
}

}  // namespace shoal::kv
