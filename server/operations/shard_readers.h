// Who reads which shard of a stream at the moment, for --stream-readers-max. A reader is whoever goes on from one
// GetShardIterator: the iterators that follow carry its number.
//
//   const auto reader = readers.next_reader();
//   readers.admit({space, shard}, reader, now, 2);   // false: two others have read the shard within a second
//
// Safe for concurrent use. Nothing of it is kept: a restart knows of nobody.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html ("Reading and processing a stream")
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "storage/key/layout.h"

namespace shoal {

using ReaderNumber = std::uint32_t;

class ShardReaders {
 public:
  using Place = std::pair<SpaceId, ShardNumber>;

  ShardReaders();
  ReaderNumber next_reader();
  bool admit(Place place, ReaderNumber reader, std::chrono::milliseconds now, std::size_t readers_max);

 private:
  struct Reader {
    ReaderNumber number;
    std::chrono::milliseconds last;
  };
  void forget_the_idle(std::chrono::milliseconds now);

  std::mutex mutex_;
  ReaderNumber last_number_;
  std::map<Place, std::vector<Reader>> readers_;
};

}  // namespace shoal
