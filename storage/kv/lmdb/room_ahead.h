// Room behind the last page of the data file, whose pages the system caches one by one.
//
// LMDB appends many pages with one write, and Linux then caches those as one large folio (ext4 since 6.16). From then
// on each write to a page of it, and those are what a store of random keys makes, walks over all the folio's pages,
// when it is made and when it is synced: with ten million items a third of the writer's CPU. A page that is cached
// before it is written stays one of its own. So the file is made longer, sparsely, before LMDB comes there, and the
// room is read.
#pragma once

#include <cstddef>

struct MDB_env;

namespace shoal::kv::lmdb {

class RoomAhead {
 public:
  explicit RoomAhead(MDB_env* env) : env_(env) {}

  // Sees to it that there is room; before a transaction that writes. Where the system does not play along nothing is
  // lost but that speed.
  void make();

 private:
  MDB_env* env_;
  std::size_t end_ = 0;  // Of the room in the file, in bytes.
};

}  // namespace shoal::kv::lmdb
