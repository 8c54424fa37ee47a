// An ordered, transactional map from bytes to bytes: all that Shoal asks of a storage engine.
//
// Readers see the map as it was when their snapshot was taken and never wait for a writer. Writes are serializable: of
// two that touch the same keys, one sees what the other did. Keys are 1 to 16 KiB long, values up to 2 MiB; both hold
// any bytes; order is that of unsigned bytes, a prefix first.
//
//   engine->write([](Transaction& transaction) { transaction.put("b", "2"); });
//   engine->snapshot()->get("b");  // "2"
//
// Failures of the medium (a full disk, a torn file) throw EngineError; absence never throws.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace shoal::kv {

using Bytes = std::string_view;

inline constexpr std::size_t kKeyBytesMax = 16 * 1024;

// What the medium refused, in words for the log: "no space left on device while committing 12 writes".
class EngineError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A position in the map, or none. Borrowed from its snapshot: must not outlive it. Keys and values it shows are valid
// until it moves; in a transaction, also only until the next put or erase, after which the cursor must seek again.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool seek(Bytes key) = 0;         // To the first key that is not less; false (and no position) if none.
  virtual bool seek_before(Bytes key) = 0;  // To the last key that is less; false if none.
  virtual bool next() = 0;                  // From a position only.
  virtual bool previous() = 0;
  virtual Bytes key() const = 0;
  virtual Bytes value() const = 0;
};

class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual std::optional<Bytes> get(Bytes key) const = 0;  // Valid as long as this snapshot lives.
  virtual std::unique_ptr<Cursor> cursor() const = 0;
};

// Reads see the transaction's own writes. What `get` returned is valid until the next put or erase.
class Transaction : public Snapshot {
 public:
  virtual void put(Bytes key, Bytes value) = 0;
  virtual void erase(Bytes key) = 0;  // Of what is absent: nothing happens.
  // Adds to a counter (8 bytes, little-endian two's complement; absent is 0, and 0 is absent). Two transactions that
  // only add to a counter do not conflict; `get` of it in the same transaction may or may not see the sum yet.
  virtual void add(Bytes counter, std::int64_t amount) = 0;
};

// Changes nothing but its transaction, and may run more than once. Everything it has to refuse it refuses (by throwing)
// before its first write.
using Body = std::function<void(Transaction&)>;
// Called once, on a thread of the engine's or a submitter's, perhaps before submit() returns: with nothing when the
// body's writes are durable and visible; with what the body threw, or an EngineError, when none of them happened.
using Done = std::function<void(std::exception_ptr)>;

// What the thread that submits has to do besides.
enum class Submitter {
  serves_others,  // It is not kept waiting for a medium.
  serves_nobody,  // It may be: then a write alone need not change threads.
};

// How busy an engine is: counts since it was opened, the rest as of now.
struct EngineStatistics {
  std::uint64_t writes = 0;                // That were committed or refused.
  std::uint64_t commits = 0;               // That took them, some together.
  std::chrono::nanoseconds committing{0};  // Time that was spent on that: against the clock, the writer's occupancy.
  std::uint64_t waiting = 0;               // Writes that no commit has taken yet.
  std::uint64_t unapplied_bytes = 0;       // Of memory for writes that are in the log and nowhere else yet.
  std::uint64_t runs = 0;                  // Files with newer writes than the data file's,
  std::uint64_t run_bytes = 0;             // and their size.
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Must not outlive the engine. Cheap, but what was erased since it was taken keeps its place as long as it lives.
  virtual std::unique_ptr<Snapshot> snapshot() const = 0;

  // Runs `body` in a transaction, possibly sharing its commit (not its fate) with other bodies, then calls `done`.
  // Waits for no medium but where the submitter serves nobody; may run bodies meanwhile. Bodies submitted by one thread
  // run in that order.
  virtual void submit(Body body, Done done, Submitter submitter = Submitter::serves_others) = 0;

  // submit() and wait: rethrows what `done` was given. Not to be called from a body.
  void write(Body body);

  // Whether snapshot reads may wait for something (a network): then they belong on a pool, not on a connection's core.
  virtual bool reads_can_block() const { return false; }

  virtual EngineStatistics statistics() const = 0;
};

}  // namespace shoal::kv
