#include "storage/kv/lmdb/long_keys.h"

#include <lmdb.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "storage/kv/lmdb/environment.h"

namespace shoal::kv::lmdb {
namespace {

constexpr std::size_t kLmdbKeyBytesMax = 511;
constexpr std::size_t kNodeIdBytes = 8;
constexpr std::size_t kRootSegmentBytes = kLmdbKeyBytesMax - 1;
constexpr std::size_t kNodeSegmentBytes = kLmdbKeyBytesMax - 1 - kNodeIdBytes;
constexpr std::size_t kLevelsMax = 2 + (kKeyBytesMax - kRootSegmentBytes) / kNodeSegmentBytes;
constexpr char kLinkMarker = '\x00';
constexpr char kNameFill = '\xff';

constexpr const char* kReading = "reading";
constexpr const char* kWriting = "writing";

Bytes bytes_of(const MDB_val& value) { return {static_cast<const char*>(value.mv_data), value.mv_size}; }

MDB_val value_of(Bytes bytes) { return {bytes.size(), const_cast<char*>(bytes.data() != nullptr ? bytes.data() : "")}; }

void write_id(char* out, std::uint64_t id) {
  for (std::size_t i = kNodeIdBytes; i-- > 0; id >>= 8) out[i] = static_cast<char>(id);
}

std::uint64_t read_id(const MDB_val& value) {
  if (value.mv_size < kNodeIdBytes) fail(MDB_CORRUPTED, kReading);
  std::uint64_t id = 0;
  const auto* bytes = static_cast<const unsigned char*>(value.mv_data);
  for (std::size_t i = 0; i < kNodeIdBytes; ++i) id = id << 8 | bytes[i];
  return id;
}

std::size_t segment_bytes(std::uint64_t node) { return node == 0 ? kRootSegmentBytes : kNodeSegmentBytes; }

// How many bytes of the key the levels above this depth hold.
std::size_t offset_of(std::size_t depth) {
  return depth == 0 ? 0 : kRootSegmentBytes + (depth - 1) * kNodeSegmentBytes;
}

bool is_link_or_name(const MDB_val& key) { return key.mv_size == kLmdbKeyBytesMax; }

bool is_name(const MDB_val& key) { return is_link_or_name(key) && bytes_of(key).back() == kNameFill; }

}  // namespace

// LMDB's key for the part of a key that lies in one node: the rest of the key, or a link to where it goes on.
class LongKeys::Step {
 public:
  Step(NodeId node, Bytes rest) : Step(node, rest, rest.size() > segment_bytes(node)) {}
  // The link for a whole segment.
  static Step link_of(NodeId node, Bytes segment) { return Step(node, segment, true); }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  bool is_link() const { return is_link_; }
  MDB_val* key() { return &key_; }
  bool equals(const MDB_val& other) const { return bytes_of(key_) == bytes_of(other); }

 private:
  Step(NodeId node, Bytes rest, bool is_link) : is_link_(is_link) {
    if (node == kRoot && !is_link) {
      key_ = value_of(rest);
      return;
    }
    char* at = buffer_;
    if (node != kRoot) {
      write_id(at, node);
      at += kNodeIdBytes;
    }
    const auto taken = rest.substr(0, segment_bytes(node));
    at = std::copy(taken.begin(), taken.end(), at);
    if (is_link) *at++ = kLinkMarker;
    key_ = {static_cast<std::size_t>(at - buffer_), buffer_};
  }

  MDB_val key_;
  bool is_link_;
  char buffer_[kLmdbKeyBytesMax];
};

LongKeys::LongKeys(MDB_env* env) {
  constexpr const char* kDoing = "opening the store";
  MDB_txn* txn = nullptr;
  check(mdb_txn_begin(env, nullptr, 0, &txn), kDoing);
  const std::string name(kLmdbKeyBytesMax, kNameFill);
  int code = mdb_dbi_open(txn, nullptr, 0, &main_);
  if (code == 0) code = mdb_dbi_open(txn, name.c_str(), MDB_CREATE, &nodes_);
  if (code != 0) {
    mdb_txn_abort(txn);
    fail(code, kDoing);
  }
  check(mdb_txn_commit(txn), kDoing);
}

std::optional<Bytes> LongKeys::get(MDB_txn* txn, Bytes key) const {
  if (key.empty()) return std::nullopt;
  for (NodeId node = kRoot;;) {
    Step step(node, key);
    MDB_val value;
    const int code = mdb_get(txn, database(node), step.key(), &value);
    if (code == MDB_NOTFOUND) return std::nullopt;
    check(code, kReading);
    if (!step.is_link()) return bytes_of(value);
    key.remove_prefix(segment_bytes(node));
    node = read_id(value);
  }
}

void LongKeys::put(MDB_txn* txn, Bytes key, Bytes value) const {
  if (key.empty() || key.size() > kKeyBytesMax) throw std::invalid_argument("a key has 1 to 16384 bytes");
  NodeId fresh = 0;  // The last node made here; below it there is nothing yet.
  for (NodeId node = kRoot;;) {
    Step step(node, key);
    MDB_val kept = value_of(value);
    if (!step.is_link()) return check(mdb_put(txn, database(node), step.key(), &kept, 0), kWriting);
    const int code = fresh != 0 ? MDB_NOTFOUND : mdb_get(txn, database(node), step.key(), &kept);
    key.remove_prefix(segment_bytes(node));
    if (code == MDB_NOTFOUND) {
      fresh = (fresh != 0 ? fresh : greatest_node(txn)) + 1;
      char id[kNodeIdBytes];
      write_id(id, fresh);
      kept = {kNodeIdBytes, id};
      check(mdb_put(txn, database(node), step.key(), &kept, 0), kWriting);
      node = fresh;
    } else {
      check(code, kReading);
      node = read_id(kept);
    }
  }
}

void LongKeys::erase(MDB_txn* txn, Bytes key) const {
  if (key.empty() || key.size() > kKeyBytesMax) return;
  std::array<NodeId, kLevelsMax> path{kRoot};
  std::size_t depth = 0;
  const auto rest_at = [&](std::size_t level) { return key.substr(offset_of(level)); };
  for (;; ++depth) {
    Step step(path[depth], rest_at(depth));
    if (!step.is_link()) break;
    MDB_val value;
    const int code = mdb_get(txn, database(path[depth]), step.key(), &value);
    if (code == MDB_NOTFOUND) return;
    check(code, kReading);
    path[depth + 1] = read_id(value);
  }
  for (;; --depth) {
    Step step(path[depth], rest_at(depth));
    const int code = mdb_del(txn, database(path[depth]), step.key(), nullptr);
    if (code == MDB_NOTFOUND) return;
    check(code, kWriting);
    if (depth == 0 || !is_empty(txn, path[depth])) return;
  }
}

Bytes LongKeys::note(MDB_txn* txn) const {
  char place[kNodeIdBytes] = {};
  MDB_val key{kNodeIdBytes, place}, note;
  const int code = mdb_get(txn, nodes_, &key, &note);
  if (code == MDB_NOTFOUND) return {};
  check(code, kReading);
  return {static_cast<const char*>(note.mv_data), note.mv_size};
}

void LongKeys::set_note(MDB_txn* txn, Bytes note) const {
  char place[kNodeIdBytes] = {};
  MDB_val key{kNodeIdBytes, place}, value{note.size(), const_cast<char*>(note.data())};
  check(mdb_put(txn, nodes_, &key, &value, 0), kWriting);
}

LongKeys::NodeId LongKeys::greatest_node(MDB_txn* txn) const {
  MDB_cursor* cursor = nullptr;
  check(mdb_cursor_open(txn, nodes_, &cursor), kReading);
  MDB_val key, value;
  const int code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
  const NodeId greatest = code == 0 ? read_id(key) : kRoot;
  mdb_cursor_close(cursor);
  if (code != MDB_NOTFOUND) check(code, kReading);
  return greatest;
}

bool LongKeys::is_empty(MDB_txn* txn, NodeId node) const {
  MDB_cursor* cursor = nullptr;
  check(mdb_cursor_open(txn, nodes_, &cursor), kReading);
  Step first(node, {});
  MDB_val key = *first.key(), value;
  const int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
  const bool empty = code == MDB_NOTFOUND || (code == 0 && read_id(key) != node);
  mdb_cursor_close(cursor);
  if (code != MDB_NOTFOUND) check(code, kReading);
  return empty;
}

// Depth-first through the trie. One LMDB cursor stays in the main database, at the link that was followed, and one
// moves among the nodes; the way down is kept as node ids and as the bytes of the key so far.
class LongKeys::TrieCursor final : public Cursor {
 public:
  TrieCursor(const LongKeys& keys, MDB_txn* txn) : keys_(keys), txn_(txn) {
    check(mdb_cursor_open(txn, keys.main_, &in_main_), kReading);
  }
  ~TrieCursor() override {
    mdb_cursor_close(in_main_);
    if (in_nodes_ != nullptr) mdb_cursor_close(in_nodes_);
  }
  TrieCursor(const TrieCursor&) = delete;
  TrieCursor& operator=(const TrieCursor&) = delete;

  bool seek(Bytes key) override {
    path_.clear();
    if (key.empty()) return move(MDB_FIRST) && show_first();
    for (Bytes rest = key;;) {
      Step step(node(), rest);
      if (!move_to(step)) return climb_forward();
      if (!step.is_link() || !step.equals(found_key_)) return show_first();
      rest.remove_prefix(segment_bytes(node()));
      enter();
    }
  }

  bool seek_before(Bytes key) override {
    path_.clear();
    if (key.empty()) return false;
    for (Bytes rest = key;;) {
      Step step(node(), rest);
      const int code = search(step);
      if (code != 0 || !step.is_link() || !step.equals(found_key_)) return back_from(code);
      rest.remove_prefix(segment_bytes(node()));
      enter();
    }
  }

  bool next() override { return move(MDB_NEXT) ? show_first() : climb_forward(); }
  bool previous() override { return move(MDB_PREV) ? show_last() : climb_back(); }

  Bytes key() const override { return key_; }
  Bytes value() const override { return bytes_of(found_value_); }

 private:
  NodeId node() const { return path_.empty() ? kRoot : path_.back(); }

  MDB_cursor* cursor() {
    if (path_.empty()) return in_main_;
    if (in_nodes_ == nullptr) check(mdb_cursor_open(txn_, keys_.nodes_, &in_nodes_), kReading);
    return in_nodes_;
  }

  // Whether what was found belongs to the node we are in.
  bool is_here() const { return path_.empty() ? !is_name(found_key_) : read_id(found_key_) == path_.back(); }

  bool move(MDB_cursor_op where) {
    const int code = mdb_cursor_get(cursor(), &found_key_, &found_value_, where);
    if (code == MDB_NOTFOUND) return false;
    check(code, kReading);
    return is_here();
  }

  // To the first LMDB key that is not less, be it in this node or in one after it.
  int search(Step& step) {
    found_key_ = *step.key();
    const int code = mdb_cursor_get(cursor(), &found_key_, &found_value_, MDB_SET_RANGE);
    if (code != MDB_NOTFOUND) check(code, kReading);
    return code;
  }

  bool move_to(Step& step) { return search(step) == 0 && is_here(); }

  // To the last key before the place of a search.
  bool back_from(int search_code) {
    return move(search_code == MDB_NOTFOUND ? MDB_LAST : MDB_PREV) ? show_last() : climb_back();
  }

  // Down the link that was found.
  void enter() {
    const auto depth = path_.size();
    auto segment = bytes_of(found_key_);
    if (depth > 0) segment.remove_prefix(kNodeIdBytes);
    segment.remove_suffix(1);
    path_bytes_.resize(offset_of(depth));
    path_bytes_.append(segment);
    path_.push_back(read_id(found_value_));
  }

  // Up to the link through which this node was entered.
  void leave() {
    path_.pop_back();
    if (path_.empty()) return;  // The cursor in the main database still stands at the link.
    const auto depth = path_.size();
    const auto link = Bytes(path_bytes_).substr(offset_of(depth), kNodeSegmentBytes);
    Step step = Step::link_of(node(), link);
    if (search(step) != 0) fail(MDB_CORRUPTED, kReading);
  }

  bool climb_forward() {
    while (!path_.empty()) {
      leave();
      if (move(MDB_NEXT)) return show_first();
    }
    return false;
  }

  bool climb_back() {
    while (!path_.empty()) {
      leave();
      if (move(MDB_PREV)) return show_last();
    }
    return false;
  }

  // From the key or link that was found to the first key it holds.
  bool show_first() {
    while (is_link_or_name(found_key_)) {
      enter();
      Step first(node(), {});
      if (!move_to(first)) fail(MDB_CORRUPTED, kReading);
    }
    return show();
  }

  bool show_last() {
    while (is_link_or_name(found_key_)) {
      enter();
      Step beyond(node() + 1, {});
      if (!move(search(beyond) == MDB_NOTFOUND ? MDB_LAST : MDB_PREV)) fail(MDB_CORRUPTED, kReading);
    }
    return show();
  }

  bool show() {
    if (path_.empty()) {
      key_ = bytes_of(found_key_);
      return true;
    }
    path_bytes_.resize(offset_of(path_.size()));
    path_bytes_.append(bytes_of(found_key_).substr(kNodeIdBytes));
    key_ = path_bytes_;
    return true;
  }

  const LongKeys& keys_;
  MDB_txn* txn_;
  MDB_cursor* in_main_ = nullptr;
  MDB_cursor* in_nodes_ = nullptr;
  std::vector<NodeId> path_;  // From the main database's link down; empty: at a short key
  std::string path_bytes_;    // The bytes of the key that the path holds, then those of the key itself
  MDB_val found_key_{};
  MDB_val found_value_{};
  Bytes key_;
};

std::unique_ptr<Cursor> LongKeys::cursor(MDB_txn* txn) const { return std::make_unique<TrieCursor>(*this, txn); }

}  // namespace shoal::kv::lmdb
