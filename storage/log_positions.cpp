#include "storage/log_positions.h"

#include <cstring>

#include "storage/range.h"

namespace shoal {
namespace {

// next:8 end:8 (greatest: none) after:4, little-endian
constexpr Sequence kNoEnd = ~Sequence{0};
constexpr std::size_t kBytes = sizeof(Sequence) + sizeof(Sequence) + sizeof(ShardNumber);

std::string key_of(const LogPosition& position) {
  return position_key(position.space, position.shard, position.reader);
}

LogPosition read_position(std::string_view key, std::string_view bytes) {
  if (bytes.size() != kBytes) throw kv::EngineError("the position of a reader of a change log cannot be read");
  LogPosition position;
  position.space = space_of(key);
  position.shard = shard_of_position(key);
  position.reader = reader_of_position(key);
  std::memcpy(&position.next, bytes.data(), 8);
  Sequence end;
  std::memcpy(&end, bytes.data() + 8, 8);
  if (end != kNoEnd) position.end = end;
  std::memcpy(&position.after, bytes.data() + 16, 4);
  return position;
}

template <class Wanted>
std::vector<LogPosition> find_positions(const kv::Snapshot& snapshot, const std::string& prefix, Wanted wanted) {
  std::vector<LogPosition> found;
  const auto range = range_of(prefix);
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    if (wanted(reader_of_position(cursor->key()))) found.push_back(read_position(cursor->key(), cursor->value()));
  }
  return found;
}

}  // namespace

std::vector<LogPosition> positions_of(const kv::Snapshot& snapshot, SpaceId space, std::string_view reader) {
  return find_positions(snapshot, positions_prefix(space), [reader](std::string_view name) { return name == reader; });
}

std::vector<LogPosition> positions_of(const kv::Snapshot& snapshot, SpaceId space) {
  return find_positions(snapshot, positions_prefix(space), [](std::string_view) { return true; });
}

std::vector<LogPosition> positions_in(const kv::Snapshot& snapshot, SpaceId space, ShardNumber shard) {
  return find_positions(snapshot, position_key(space, shard, {}), [](std::string_view) { return true; });
}

bool is_ready(const kv::Snapshot& snapshot, const LogPosition& position) {
  return position.after == 0 || !snapshot.get(position_key(position.space, position.after, position.reader));
}

void put_position(kv::Transaction& transaction, const LogPosition& position) {
  const auto end = position.end.value_or(kNoEnd);
  char bytes[kBytes];
  std::memcpy(bytes, &position.next, 8);
  std::memcpy(bytes + 8, &end, 8);
  std::memcpy(bytes + 16, &position.after, 4);
  transaction.put(key_of(position), {bytes, kBytes});
}

void move_position(kv::Transaction& transaction, const LogPosition& position, Sequence next) {
  const auto key = key_of(position);
  const auto bytes = transaction.get(key);
  if (!bytes) return;
  auto current = read_position(key, *bytes);
  if (next <= current.next) return;
  current.next = next;
  put_position(transaction, current);
}

void leave_shard(kv::Transaction& transaction, const LogPosition& position) { transaction.erase(key_of(position)); }

}  // namespace shoal
