#include "storage/changelog.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "storage/definition.h"
#include "storage/log_positions.h"
#include "storage/partitions.h"
#include "storage/range.h"
#include "storage/space_job.h"
#include "storage/utc_text.h"

namespace shoal {
namespace {

using nlohmann::json;

constexpr int kTimeShift = 16;  // So that the year 9999 fits.
constexpr std::string_view kViews[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr std::size_t kHeaderBytes = 1 + sizeof(std::int64_t) + sizeof(std::uint32_t);
constexpr std::size_t kBeforeBytes = 3 * sizeof(std::uint32_t);  // What comes before the item before.

template <class Integer>
void append_raw(std::string& out, Integer value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string_view bytes_of(const std::optional<Item>& item) { return item ? item->bytes() : std::string_view(); }

// How many bytes two texts have in common in front.
std::size_t common_front(std::string_view a, std::string_view b) {
  const auto end = std::min(a.size(), b.size());
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= end; at += sizeof(std::uint64_t)) {
    if (std::memcmp(a.data() + at, b.data() + at, sizeof(std::uint64_t)) != 0) break;
  }
  while (at < end && a[at] == b[at]) ++at;
  return at;
}

std::size_t common_back(std::string_view a, std::string_view b) {
  const auto end = std::min(a.size(), b.size());
  const auto* a_end = a.data() + a.size();
  const auto* b_end = b.data() + b.size();
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= end; at += sizeof(std::uint64_t)) {
    const auto next = at + sizeof(std::uint64_t);
    if (std::memcmp(a_end - next, b_end - next, sizeof(std::uint64_t)) != 0) break;
  }
  while (at < end && *(a_end - at - 1) == *(b_end - at - 1)) ++at;
  return at;
}

void append_before(std::string& out, const Applied& applied) {
  const auto before = bytes_of(applied.before), after = bytes_of(applied.after);
  const auto front = common_front(before, after);
  const auto back = common_back(before.substr(front), after.substr(front));
  append_raw(out, applied.size_before);
  append_raw(out, static_cast<std::uint32_t>(front));
  append_raw(out, static_cast<std::uint32_t>(back));
  out += before.substr(front, before.size() - front - back);
}

std::string change_bytes(Cause cause, Milliseconds now, const Applied& applied) {
  std::string bytes;
  bytes.reserve(kHeaderBytes + kBeforeBytes + bytes_of(applied.before).size() + sizeof(std::uint32_t) +
                bytes_of(applied.after).size());
  bytes.push_back(static_cast<char>(cause));
  append_raw(bytes, static_cast<std::int64_t>(now.count()));
  append_raw(bytes, static_cast<std::uint32_t>(bytes_of(applied.before).size()));
  if (applied.before) append_before(bytes, applied);
  if (applied.after) {
    append_raw(bytes, applied.size_after);
    bytes += bytes_of(applied.after);
  }
  return bytes;
}

std::int64_t time_of(std::string_view bytes) {
  std::int64_t time;
  std::memcpy(&time, bytes.data() + 1, sizeof time);
  return time;
}

Shard read_shard(std::string_view key, std::string_view text) {
  const auto object = json::parse(text);
  Shard shard;
  shard.space = space_of(key);
  shard.number = number_of_shard(key);
  shard.parent = object.at("parent").get<ShardNumber>();
  shard.parent_opened = Milliseconds(object.at("parent_opened").get<std::int64_t>());
  shard.stream = object.at("stream").get<std::string>();
  shard.first = object.at("first").get<Sequence>();
  shard.trimmed_to = object.at("trimmed_to").get<Sequence>();
  shard.opened = Milliseconds(object.at("opened").get<std::int64_t>());
  if (const auto last = object.find("last"); last != object.end()) shard.last = last->get<Sequence>();
  shard.closed = Milliseconds(object.value("closed", std::int64_t{0}));
  return shard;
}

template <class Wanted>
std::vector<Shard> find_shards(const kv::Snapshot& snapshot, SpaceId space, ShardNumber after, Wanted wanted) {
  std::vector<Shard> shards;
  if (after == std::numeric_limits<ShardNumber>::max()) return shards;
  const auto range = range_of(shards_prefix(space));
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(shard_key(space, after + 1)); more && range.holds(cursor->key());
       more = cursor->next()) {
    auto shard = read_shard(cursor->key(), cursor->value());
    if (wanted(shard)) shards.push_back(std::move(shard));
  }
  return shards;
}

void put_shard(kv::Transaction& transaction, const Shard& shard) {
  json object{{"parent", shard.parent},         {"parent_opened", shard.parent_opened.count()},
              {"stream", shard.stream},         {"first", shard.first},
              {"trimmed_to", shard.trimmed_to}, {"opened", shard.opened.count()}};
  if (shard.last) {
    object["last"] = *shard.last;
    object["closed"] = shard.closed.count();
  }
  transaction.put(shard_key(shard.space, shard.number), object.dump());
}

// The account, region, table and label are in the key.
void read_stream_names(std::string_view key, Stream& stream) {
  key.remove_prefix(streams_prefix().size());
  for (auto* name : {&stream.account, &stream.region, &stream.table}) {
    const auto end = key.find('\0');
    *name = key.substr(0, end);
    key.remove_prefix(end + 1);
  }
  stream.label = key;
}

Stream read_stream(std::string_view key, std::string_view text) {
  const auto object = json::parse(text);
  Stream stream;
  read_stream_names(key, stream);
  stream.space = object.at("space").get<SpaceId>();
  stream.view = view_named(object.at("view").get<std::string>()).value();
  stream.key = read_key_schema(object.at("key").get<std::string>());
  stream.created = Milliseconds(object.at("created").get<std::int64_t>());
  stream.disabled = Milliseconds(object.at("disabled").get<std::int64_t>());
  return stream;
}

std::string key_of(const Stream& stream) {
  return stream_key(stream.account, stream.region, stream.table, stream.label);
}

void put_stream(kv::Transaction& transaction, const Stream& stream) {
  const json object{{"space", stream.space},
                    {"view", view_name(stream.view)},
                    {"key", key_schema_text(stream.key)},
                    {"created", stream.created.count()},
                    {"disabled", stream.disabled.count()}};
  transaction.put(key_of(stream), object.dump());
}

// Whether its last record is gone.
bool is_over(const Stream& stream, Milliseconds horizon) {
  return stream.disabled.count() != 0 && stream.disabled < horizon;
}

// Of the last record that the shard has now.
std::optional<Sequence> last_sequence(const kv::Snapshot& snapshot, SpaceId space, ShardNumber number) {
  const auto end = change_key(space, number, std::numeric_limits<Sequence>::max());
  const auto cursor = snapshot.cursor();
  if (!cursor->seek_before(end)) return std::nullopt;
  const auto prefix_size = end.size() - sizeof(Sequence);
  const auto key = cursor->key();
  if (key.size() != end.size() || key.substr(0, prefix_size) != std::string_view(end).substr(0, prefix_size)) {
    return std::nullopt;
  }
  return sequence_of_change(key);
}

Sequence sequence_to_append(const kv::Snapshot& snapshot, SpaceId space, ShardNumber number, Milliseconds now) {
  const auto by_clock = first_sequence_at(now);
  if (const auto last = last_sequence(snapshot, space, number)) return std::max(*last + 1, by_clock);
  const auto shard = find_shard(snapshot, space, number);
  return shard ? std::max({shard->first, shard->trimmed_to, by_clock}) : by_clock;
}

Shard shard_to_open(Table& table, Milliseconds now) {
  Shard shard;
  shard.space = table.id;
  shard.number = ++table.last_shard;
  if (table.stream_view) shard.stream = table.stream_label;
  shard.first = first_sequence_at(now);
  shard.opened = now;
  return shard;
}

Shard close_shard(kv::Transaction& transaction, SpaceId space, ShardNumber number, Milliseconds now) {
  auto shard = find_shard(transaction, space, number).value();
  shard.last = std::max(shard.first, next_sequence(transaction, shard) - 1);
  shard.closed = now;
  put_shard(transaction, shard);
  return shard;
}

// Also from one stream to the next, or to none, while there are readers who read across them; those of the parent go on
// in the child. The stream itself knows no parent then.
ShardNumber open_child(kv::Transaction& transaction, Table& table, const Shard& parent, Milliseconds now) {
  auto shard = shard_to_open(table, now);
  if (parent.stream == shard.stream) {
    shard.parent = parent.number;
    shard.parent_opened = parent.opened;
  }
  shard.first = std::max(shard.first, *parent.last + 1);
  put_shard(transaction, shard);
  for (auto position : positions_in(transaction, parent.space, parent.number)) {
    if (position.end) continue;
    position.shard = shard.number;
    position.next = shard.first;
    position.after = parent.number;
    put_position(transaction, position);
  }
  return shard.number;
}

void open_log(kv::Transaction& transaction, Table& table, Milliseconds now) {
  table.log.emplace();
  for (std::size_t i = 0; i < table.partitions.size(); ++i) {
    const auto shard = shard_to_open(table, now);
    put_shard(transaction, shard);
    table.log->shards.push_back(shard.number);
  }
}

void replace_shards(kv::Transaction& transaction, Table& table, Milliseconds now) {
  for (auto& shard : table.log->shards) {
    shard = open_child(transaction, table, close_shard(transaction, table.id, shard, now), now);
  }
}

bool has_reader(const kv::Snapshot& snapshot, const Table& table) {
  const auto positions = positions_in(snapshot, table.id, table.log->shards.front());
  return std::any_of(positions.begin(), positions.end(), [](const LogPosition& each) { return !each.end; });
}

// When neither a stream nor a reader needs it any more.
void close_unread_log(kv::Transaction& transaction, Table& table, Milliseconds now) {
  if (!table.log || table.stream_view || has_reader(transaction, table)) return;
  for (const auto shard : table.log->shards) close_shard(transaction, table.id, shard, now);
  table.log.reset();
}

// Up to where the records of a shard may go.
struct TrimEnd {
  Milliseconds horizon;     // Those made before it go, whoever may want them.
  Sequence needed_from;     // Those before it nobody wants any more.
  bool shard_goes = false;  // Once all its records are gone.
  bool is_before(const kv::Cursor& record) const {
    return time_of(record.value()) < horizon.count() || sequence_of_change(record.key()) < needed_from;
  }
};

// What a stream has shown can be asked for again; what is of no stream is gone once its readers have dealt with it.
TrimEnd trim_end(const kv::Snapshot& snapshot, const Shard& shard, Milliseconds horizon) {
  if (!shard.stream.empty()) return {horizon, 0, is_over(shard, horizon)};
  const auto positions = positions_in(snapshot, shard.space, shard.number);
  if (positions.empty()) return {horizon, std::numeric_limits<Sequence>::max(), shard.last.has_value()};
  TrimEnd end{horizon, std::numeric_limits<Sequence>::max(), is_over(shard, horizon)};
  for (const auto& position : positions) end.needed_from = std::min(end.needed_from, position.next);
  return end;
}

bool has_record_before(const kv::Snapshot& snapshot, const Shard& shard, const TrimEnd& end) {
  const auto range = range_of(change_key(shard.space, shard.number, 0).substr(0, 1 + 4 + 4));
  const auto cursor = snapshot.cursor();
  return cursor->seek(range.begin) && range.holds(cursor->key()) && end.is_before(*cursor);
}

// Erases the shard's first records of before the end; whether there were any.
bool trim_records(kv::Transaction& transaction, Shard shard, const TrimEnd& end) {
  const auto range = range_of(change_key(shard.space, shard.number, 0).substr(0, 1 + 4 + 4));
  std::vector<std::string> keys;
  std::size_t bytes = 0;
  {
    const auto cursor = transaction.cursor();
    for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()) && end.is_before(*cursor);
         more = cursor->next()) {
      bytes += cursor->value().size();
      keys.emplace_back(cursor->key());
      if (keys.size() == kStepKeysMax || bytes >= kStepBytesMax) break;
    }
  }
  if (keys.empty()) return false;
  for (const auto& key : keys) transaction.erase(key);
  shard.trimmed_to = sequence_of_change(keys.back()) + 1;
  put_shard(transaction, shard);
  return true;
}

// The first shard that has something to be trimmed.
std::optional<Shard> shard_to_trim(const kv::Snapshot& snapshot, Milliseconds horizon) {
  const auto range = range_of(shards_prefix());
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    auto shard = read_shard(cursor->key(), cursor->value());
    const auto end = trim_end(snapshot, shard, horizon);
    if (end.shard_goes || has_record_before(snapshot, shard, end)) return shard;
  }
  return std::nullopt;
}

std::optional<std::string> stream_to_forget(const kv::Snapshot& snapshot, Milliseconds horizon) {
  const auto range = range_of(streams_prefix());
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    if (is_over(read_stream(cursor->key(), cursor->value()), horizon)) return std::string(cursor->key());
  }
  return std::nullopt;
}

}  // namespace

void append_change(kv::Transaction& transaction, const Table& table, std::string_view item_key, Cause cause,
                   Milliseconds now, const Applied& applied) {
  const auto shard = table.log->shards.at(partition_of(table.partitions, ring_of(item_key)));
  const auto sequence = sequence_to_append(transaction, table.id, shard, now);
  transaction.put(change_key(table.id, shard, sequence), change_bytes(cause, now, applied));
}

std::optional<Shard> find_shard(const kv::Snapshot& snapshot, SpaceId space, ShardNumber number) {
  const auto key = shard_key(space, number);
  const auto text = snapshot.get(key);
  if (!text) return std::nullopt;
  return read_shard(key, *text);
}

std::vector<Shard> shards_of(const kv::Snapshot& snapshot, SpaceId space, std::string_view stream, ShardNumber after) {
  return find_shards(snapshot, space, after, [stream](const Shard& shard) { return shard.stream == stream; });
}

std::vector<Shard> shards_of(const kv::Snapshot& snapshot, SpaceId space) {
  return find_shards(snapshot, space, 0, [](const Shard&) { return true; });
}

bool is_over(const Shard& shard, Milliseconds horizon) { return shard.last && shard.closed < horizon; }

bool is_trimmed(const kv::Snapshot& snapshot, const Shard& shard, Sequence from, Milliseconds horizon) {
  if (from < shard.trimmed_to) return true;
  ChangeReader reader(snapshot, shard, from);
  return reader.next() && reader.record().at < horizon;
}

Sequence next_sequence(const kv::Snapshot& snapshot, const Shard& shard) {
  const auto last = last_sequence(snapshot, shard.space, shard.number);
  return last ? *last + 1 : std::max(shard.first, shard.trimmed_to);
}

Sequence first_sequence_at(Milliseconds time) { return static_cast<Sequence>(time.count()) << kTimeShift; }

ChangeReader::ChangeReader(const kv::Snapshot& snapshot, const Shard& shard, Sequence from)
    : cursor_(snapshot.cursor()),
      begin_(change_key(shard.space, shard.number, from)),
      end_(change_key(shard.space, shard.number, std::numeric_limits<Sequence>::max())) {}

bool ChangeReader::next() {
  const bool found = started_ ? cursor_->next() : cursor_->seek(begin_);
  started_ = true;
  return found && cursor_->key() < end_;
}

ChangeRecord ChangeReader::record() {
  auto bytes = cursor_->value();
  if (bytes.size() < kHeaderBytes) throw kv::EngineError("a record of a change log cannot be read");
  const auto take = [&bytes](std::size_t count) {
    if (count > bytes.size()) throw kv::EngineError("a record of a change log cannot be read");
    const auto taken = bytes.substr(0, count);
    bytes.remove_prefix(count);
    return taken;
  };
  const auto take_number = [&take] { return encoding::read_u32(take(sizeof(std::uint32_t)).data()); };
  ChangeRecord record;
  record.sequence = sequence_of_change(cursor_->key());
  record.cause = static_cast<Cause>(bytes[0]);
  record.at = Milliseconds(time_of(bytes));
  take(kHeaderBytes - sizeof(std::uint32_t));
  const auto length = take_number();
  if (length == 0) {
    record.after = read_record(bytes);
    return record;
  }
  const auto size = take_number(), front = take_number(), back = take_number();
  const auto between = take(length - front - back);
  if (bytes.empty()) {
    record.before = {ItemView(between), size};
    return record;
  }
  record.after = read_record(bytes);
  const auto after = bytes.substr(sizeof(std::uint32_t));
  before_.assign(after.substr(0, front)).append(between).append(after.substr(after.size() - back));
  record.before = {ItemView(before_), size};
  return record;
}

std::string Stream::arn() const {
  return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + table + "/stream/" + label;
}

std::string stream_arn(const Table& table) { return table.arn() + "/stream/" + table.stream_label; }

std::string_view view_name(StreamView view) { return kViews[static_cast<std::size_t>(view)]; }

std::optional<StreamView> view_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kViews); ++i) {
    if (kViews[i] == name) return static_cast<StreamView>(i);
  }
  return std::nullopt;
}

std::optional<Stream> find_stream(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                  std::string_view table, std::string_view label, Milliseconds now) {
  const auto key = stream_key(account, region, table, label);
  const auto text = snapshot.get(key);
  if (!text) return std::nullopt;
  auto stream = read_stream(key, *text);
  if (is_over(stream, now - kStreamRetention)) return std::nullopt;
  return stream;
}

std::vector<Stream> list_streams(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                 std::string_view table, std::string_view after_table, std::string_view after_label,
                                 std::size_t count_max, Milliseconds now) {
  std::vector<Stream> streams;
  const auto range = range_of(streams_prefix(account, region, table));
  auto begin = range.begin;
  if (!after_table.empty()) begin = std::max(begin, stream_key(account, region, after_table, after_label) + '\0');
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(begin); more && range.holds(cursor->key()) && streams.size() < count_max;
       more = cursor->next()) {
    auto stream = read_stream(cursor->key(), cursor->value());
    if (!is_over(stream, now - kStreamRetention)) streams.push_back(std::move(stream));
  }
  return streams;
}

SpaceId space_of_stream(const kv::Snapshot& snapshot, std::string_view stream_key) {
  return read_stream(stream_key, snapshot.get(stream_key).value()).space;
}

void enable_stream(kv::Transaction& transaction, Table& table, StreamView view, Milliseconds now) {
  Stream stream{table.account, table.region, table.name, {}, table.id, view, table.key, now, {}};
  // A table that was deleted this very millisecond may have had a stream of the same name.
  auto time = now;
  do stream.label = utc_milliseconds(time++);
  while (transaction.get(key_of(stream)));
  put_stream(transaction, stream);
  table.stream_label = stream.label;
  table.stream_view = view;
  if (table.log) {
    replace_shards(transaction, table, now);
  } else {
    open_log(transaction, table, now);
  }
}

void disable_stream(kv::Transaction& transaction, Table& table, Milliseconds now) {
  if (!table.stream_view) return;
  auto stream = find_stream(transaction, table.account, table.region, table.name, table.stream_label, now).value();
  stream.disabled = now;
  put_stream(transaction, stream);
  table.stream_view.reset();
  if (has_reader(transaction, table)) {
    replace_shards(transaction, table, now);
  } else {
    close_unread_log(transaction, table, now);
  }
}

void start_reader(kv::Transaction& transaction, Table& table, std::string_view reader, Milliseconds now) {
  if (!table.log) open_log(transaction, table, now);
  for (const auto number : table.log->shards) {
    const auto shard = find_shard(transaction, table.id, number).value();
    put_position(transaction, {table.id, number, std::string(reader), next_sequence(transaction, shard)});
  }
}

void end_reader(kv::Transaction& transaction, Table& table, std::string_view reader, Milliseconds now) {
  for (auto position : positions_of(transaction, table.id, reader)) {
    const auto shard = find_shard(transaction, table.id, position.shard);
    if (!shard || shard->last) continue;
    position.end = next_sequence(transaction, *shard);
    if (*position.end > position.next) {
      put_position(transaction, position);
    } else {
      leave_shard(transaction, position);
    }
  }
  close_unread_log(transaction, table, now);
}

void drop_reader(kv::Transaction& transaction, Table& table, std::string_view reader, Milliseconds now) {
  for (const auto& position : positions_of(transaction, table.id, reader)) leave_shard(transaction, position);
  close_unread_log(transaction, table, now);
}

void close_log(kv::Transaction& transaction, Table& table, Milliseconds now) {
  for (const auto& position : positions_of(transaction, table.id)) leave_shard(transaction, position);
  disable_stream(transaction, table, now);
  close_unread_log(transaction, table, now);
}

bool roll_over_shards(kv::Transaction& transaction, Table& table, Milliseconds age, Milliseconds now) {
  if (!table.log) return false;
  bool any = false;
  for (auto& shard : table.log->shards) {
    if (find_shard(transaction, table.id, shard).value().opened + age > now) continue;
    shard = open_child(transaction, table, close_shard(transaction, table.id, shard, now), now);
    any = true;
  }
  return any;
}

bool split_partition(kv::Transaction& transaction, Table& table, std::size_t partition, Milliseconds now) {
  if (partition >= table.partitions.size() || table.partitions.size() >= kPartitionsMax) return false;
  const auto middle = middle_of(table.partitions, partition);
  if (!middle) return false;
  const auto at = static_cast<std::ptrdiff_t>(partition);
  table.partitions.insert(table.partitions.begin() + at + 1, *middle);
  if (!table.log) return true;
  auto& shards = table.log->shards;
  const auto parent = close_shard(transaction, table.id, shards[partition], now);
  shards[partition] = open_child(transaction, table, parent, now);
  shards.insert(shards.begin() + at + 1, open_child(transaction, table, parent, now));
  return true;
}

std::optional<Milliseconds> next_roll_over(const kv::Snapshot& snapshot, const Table& table, Milliseconds age) {
  std::optional<Milliseconds> next;
  if (!table.log) return next;
  for (const auto number : table.log->shards) {
    const auto shard = find_shard(snapshot, table.id, number);
    if (shard && !shard->last && (!next || shard->opened + age < *next)) next = shard->opened + age;
  }
  return next;
}

bool trim_some(kv::Transaction& transaction, Milliseconds horizon) {
  if (const auto shard = shard_to_trim(transaction, horizon)) {
    if (!trim_records(transaction, *shard, trim_end(transaction, *shard, horizon))) {
      for (const auto& position : positions_in(transaction, shard->space, shard->number)) {
        leave_shard(transaction, position);
      }
      transaction.erase(shard_key(shard->space, shard->number));
    }
    return true;
  }
  if (const auto stream = stream_to_forget(transaction, horizon)) {
    transaction.erase(*stream);
    return true;
  }
  return false;
}

bool has_trimmable(const kv::Snapshot& snapshot, Milliseconds horizon) {
  return shard_to_trim(snapshot, horizon) || stream_to_forget(snapshot, horizon);
}

bool has_shards(const kv::Snapshot& snapshot) {
  const auto range = range_of(shards_prefix());
  const auto cursor = snapshot.cursor();
  return cursor->seek(range.begin) && range.holds(cursor->key());
}

}  // namespace shoal
