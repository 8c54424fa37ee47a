#include "storage/kv/lmdb/room_ahead.h"

#include <lmdb.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "storage/kv/lmdb/environment.h"
#include "storage/kv/lmdb/long_keys.h"
#include "storage/kv/lmdb/write_transaction.h"
#include "storage/kv/temporary_folder.h"

namespace shoal::kv::lmdb {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

struct stat state_of(const std::filesystem::path& file) {
  struct stat state {};
  REQUIRE(::stat(file.c_str(), &state) == 0);
  return state;
}

// Whether the system has these bytes of the file in its cache.
bool is_cached(MDB_env* env, std::size_t from, std::size_t bytes) {
  int fd = -1;
  REQUIRE(mdb_env_get_fd(env, &fd) == 0);
  void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(from));
  REQUIRE(map != MAP_FAILED);
  std::vector<unsigned char> cached(bytes / 4096);
  REQUIRE(::mincore(map, bytes, cached.data()) == 0);
  ::munmap(map, bytes);
  return std::all_of(cached.begin(), cached.end(), [](unsigned char page) { return (page & 1) != 0; });
}

TEST_CASE("the room is behind what is used, cached, takes no disk, and is kept ahead") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "data.mdb";
  const auto env = open_environment(file, 256 * kMegabyte, 0);
  const LongKeys keys(env.get());
  RoomAhead room(env.get());
  for (int round = 0; round < 3; ++round) {
    const auto blocks = state_of(file).st_blocks;
    room.make();
    const auto used = used_bytes(env.get());
    const auto size = static_cast<std::size_t>(state_of(file).st_size);
    CHECK(size >= used + 16 * kMegabyte);
    CHECK(is_cached(env.get(), used, 16 * kMegabyte));
    CHECK(state_of(file).st_blocks == blocks);
    room.make();
    CHECK(static_cast<std::size_t>(state_of(file).st_size) == size);
    WriteTransaction txn(env.get());
    for (int i = 0; i < 20; ++i) keys.put(txn.get(), std::to_string(round * 100 + i), std::string(kMegabyte, 'x'));
    txn.commit("testing");
  }
  WriteTransaction read(env.get());
  for (const int key : {0, 19, 100, 219})
    CHECK(keys.get(read.get(), std::to_string(key)) == std::string(kMegabyte, 'x'));
}

TEST_CASE("where the file may not grow, there is no room, and no harm") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "data.mdb";
  {
    const auto env = open_environment(file, kMegabyte, 0);
    const LongKeys made(env.get());
  }
  const auto env = open_environment(file, kMegabyte, MDB_RDONLY);
  const auto size = state_of(file).st_size;
  RoomAhead(env.get()).make();
  CHECK(state_of(file).st_size == size);
}

}  // namespace
}  // namespace shoal::kv::lmdb
