// What it costs to make writes durable, without HTTP: values of 1 KB put under random keys, so many at a time.
//
//   durable_commit <folder> <at a time> <keys> <seconds>
//
// prints, as JSON, microseconds of one fdatasync(2) of as many bytes in a preallocated file (median), and puts a
// second: of LMDB's own synced commits of so many puts each, and of the engine with so many writers that each wait for
// theirs.
#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/kv/lmdb/engine.h"

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::size_t kValueBytes = 1024;

struct Run {
  fs::path folder;
  unsigned at_a_time;
  unsigned keys;
  std::chrono::seconds time;
};

void require(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::exit(1);
}

std::string key_of(unsigned number) {
  char text[16];
  std::snprintf(text, sizeof text, "key%09u", number);
  return text;
}

// How often a second `work` was done.
double rate_of(const Run& run, const std::function<void()>& work) {
  const auto began = steady_clock::now();
  std::size_t done = 0;
  for (; steady_clock::now() - began < run.time; ++done) work();
  return static_cast<double>(done) / std::chrono::duration<double>(steady_clock::now() - began).count();
}

double sync_us(const Run& run) {
  constexpr off_t kFileBytes = 16 << 20;
  const auto path = run.folder / "preallocated";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  require(file >= 0 && ::posix_fallocate(file, 0, kFileBytes) == 0, "preallocating");
  const std::string bytes(run.at_a_time * kValueBytes, 'x');
  off_t at = 0;
  std::vector<double> each;
  rate_of(run, [&] {
    if (at + static_cast<off_t>(bytes.size()) > kFileBytes) at = 0;
    const auto began = steady_clock::now();
    require(::pwrite(file, bytes.data(), bytes.size(), at) > 0 && ::fdatasync(file) == 0, "syncing");
    each.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - began).count());
    at += static_cast<off_t>(bytes.size());
  });
  ::close(file);
  std::nth_element(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(each.size() / 2), each.end());
  return each[each.size() / 2];
}

double lmdb_puts(const Run& run) {
  MDB_env* env = nullptr;
  const auto check = [](int code) { require(code == 0, mdb_strerror(code)); };
  check(mdb_env_create(&env));
  check(mdb_env_set_mapsize(env, std::size_t{1} << 36));
  check(mdb_env_open(env, (run.folder / "lmdb").c_str(), MDB_NOSUBDIR, 0600));
  std::mt19937 random(1);
  const std::string value(kValueBytes, 'v');
  MDB_dbi table = 0;
  const auto commit = [&](unsigned count, const std::function<unsigned(unsigned)>& number) {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env, nullptr, 0, &txn));
    check(mdb_dbi_open(txn, nullptr, 0, &table));
    for (unsigned i = 0; i < count; ++i) {
      const auto name = key_of(number(i));
      MDB_val key{name.size(), const_cast<char*>(name.data())}, kept{value.size(), const_cast<char*>(value.data())};
      check(mdb_put(txn, table, &key, &kept, 0));
    }
    check(mdb_txn_commit(txn));
  };
  commit(run.keys, [](unsigned i) { return i; });
  const double commits = rate_of(run, [&] { commit(run.at_a_time, [&](unsigned) { return random() % run.keys; }); });
  mdb_env_close(env);
  return commits * run.at_a_time;
}

double engine_puts(const Run& run) {
  const std::string value(kValueBytes, 'v');
  for (unsigned i = 0; i < run.keys;) {
    const auto filled = shoal::kv::open_lmdb(run.folder / "shoal");  // And closed again: nothing is left to do.
    filled->write([&](shoal::kv::Transaction& transaction) {
      for (unsigned end = std::min(i + 50'000, run.keys); i < end; ++i) transaction.put(key_of(i), value);
    });
  }
  const auto engine = shoal::kv::open_lmdb(run.folder / "shoal");
  // Each writer is a chain of writes: who is told that one is durable submits the next.
  std::atomic<std::size_t> done = 0;
  std::atomic<unsigned> running = run.at_a_time;
  const auto began = steady_clock::now();
  std::atomic<std::uint32_t> state = 1;
  std::function<void()> next = [&] {
    const auto number = std::minstd_rand(state += 0x9e3779b9)() % run.keys;
    engine->submit([&, number](shoal::kv::Transaction& transaction) { transaction.put(key_of(number), value); },
                   [&](std::exception_ptr failure) {
                     require(!failure, "writing");
                     ++done;
                     if (steady_clock::now() - began < run.time) return next();
                     --running;
                   });
  };
  for (unsigned i = 0; i < run.at_a_time; ++i) next();
  while (running > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return static_cast<double>(done) / std::chrono::duration<double>(steady_clock::now() - began).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::fputs("durable_commit <folder> <at a time> <keys> <seconds>\n", stderr), 2;
  const Run run{argv[1], static_cast<unsigned>(std::atoi(argv[2])), static_cast<unsigned>(std::atoi(argv[3])),
                std::chrono::seconds(std::atoi(argv[4]))};
  fs::create_directories(run.folder);
  std::printf("{\"sync_us\": %.1f, \"lmdb_puts\": %.0f, \"engine_puts\": %.0f}\n", sync_us(run), lmdb_puts(run),
              engine_puts(run));
}
