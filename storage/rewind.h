// An engine that can go back to how it was: named snapshots of everything that is kept, and the way back to them.
//
//   RewindableEngine engine(kv::open_lmdb_in_memory());
//   engine.keep("seeded");
//   ...writes...
//   engine.rewind("seeded");   // all of those undone
//
// While there is a snapshot, every write also keeps what was there before it, in its own transaction; going back puts
// that back, the newest first. So a snapshot costs nothing when it is made, a little with every write after it, and the
// way back takes as long as what was written since, however much there is. Without a snapshot nothing is kept.
//
// A snapshot can be gone back to again and again. Those that were made after it are gone once it has been.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/kv/kv.h"

namespace shoal {

class RewindableEngine final : public kv::Engine {
 public:
  explicit RewindableEngine(std::unique_ptr<kv::Engine> inner);

  void keep(std::string_view name);  // Takes the place of an older one of that name.
  // False when there is no such snapshot. Writes that run meanwhile may be undone, too. Whoever caches what is kept
  // reads it again.
  bool rewind(std::string_view name);
  void forget_all();                       // Every snapshot, and what was kept for them.
  std::vector<std::string> names() const;  // In the order in which they were made.

  std::unique_ptr<kv::Snapshot> snapshot() const override { return inner_->snapshot(); }
  void submit(kv::Body body, kv::Done done, kv::Submitter submitter = kv::Submitter::serves_others) override;
  bool reads_can_block() const override { return inner_->reads_can_block(); }
  kv::EngineStatistics statistics() const override { return inner_->statistics(); }

 private:
  std::unique_ptr<kv::Engine> inner_;
  // Set by the write that makes the first snapshot: bodies run one after the other, so those after it see it.
  std::atomic<bool> keeping_;
};

}  // namespace shoal
