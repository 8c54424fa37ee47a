// Keys of any length in order, on LMDB, which takes 511 bytes.
//
// A trie of segments. A key of up to 510 bytes is a key of LMDB's main database, as it is. Of a longer one the first
// 510 bytes and a marker are a key there, whose value is the id of a node: a range of a second database that holds all
// that follows those 510 bytes, in the same manner:
//
//   main database     <key: 1..510>                     -> value
//                     <segment: 510> 0x00               -> node id: 8, big-endian
//   nodes             <node id: 8> <rest: 1..502>       -> value
//                     <node id: 8> <segment: 502> 0x00  -> node id
//
// So a link is known by its 511 bytes. It sorts after the key that ends with its segment and before every other that is
// greater, so the order of the whole is the order of bytes. Short keys pay nothing. A node goes with its last key.
//
// Node 0 does not exist, so its key of no rest is free for a note of the store's own, which is no key of the map's.
//
// LMDB keeps the name of the second database among the keys of the main one. Its name is 511 bytes of 0xFF: no key and
// no link is equal to it, and all sort before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "storage/kv/kv.h"

struct MDB_env;
struct MDB_txn;

namespace shoal::kv::lmdb {

class LongKeys {
 public:
  LongKeys() = default;
  // Opens the databases, making them when they are absent. No other transaction may be open.
  explicit LongKeys(MDB_env* env);

  std::optional<Bytes> get(MDB_txn* txn, Bytes key) const;
  void put(MDB_txn* txn, Bytes key, Bytes value) const;  // 1 to kKeyBytesMax bytes
  void erase(MDB_txn* txn, Bytes key) const;
  // Must be destroyed before the transaction ends.
  std::unique_ptr<Cursor> cursor(MDB_txn* txn) const;

  // Bytes beside the map; none until they are set. Valid until the transaction ends.
  Bytes note(MDB_txn* txn) const;
  void set_note(MDB_txn* txn, Bytes note) const;

 private:
  using NodeId = std::uint64_t;
  class Step;
  class TrieCursor;
  static constexpr NodeId kRoot = 0;  // The main database; nodes count from 1.

  unsigned database(NodeId node) const { return node == kRoot ? main_ : nodes_; }
  NodeId greatest_node(MDB_txn* txn) const;
  bool is_empty(MDB_txn* txn, NodeId node) const;

  unsigned main_ = 0;
  unsigned nodes_ = 0;
};

}  // namespace shoal::kv::lmdb
