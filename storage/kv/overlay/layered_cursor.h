// A cursor over a store and the memtables that lie over it: each key as the topmost layer that knows it has it.
#pragma once

#include <array>
#include <memory>

#include "storage/kv/overlay/memtable.h"

namespace shoal::kv::overlay {

class LayeredCursor final : public Cursor {
 public:
  // `upper` is newer than `lower`, and both than `base`.
  LayeredCursor(const Memtable& upper, const Memtable& lower, Memtable::Batch as_of, std::unique_ptr<Cursor> base);

  bool seek(Bytes key) override;
  bool seek_before(Bytes key) override;
  bool next() override;
  bool previous() override;
  Bytes key() const override { return current_->key; }
  Bytes value() const override { return current_->cursor->value(); }

 private:
  struct Layer {
    Cursor* cursor;
    const Memtable::Iterator* memtable;  // Null: the base, where nothing is erased.
    bool there = false;
    Bytes key{};
  };

  bool settle();
  void move_on();
  void move_on(Layer& layer);
  static void note(Layer& layer, bool there);

  Memtable::Iterator upper_, lower_;
  std::unique_ptr<Cursor> base_;
  std::array<Layer, 3> layers_;  // The newest first.
  Layer* current_ = nullptr;
  bool forward_ = true;  // Where the layers stand: at the current key or beyond it in this direction.
};

}  // namespace shoal::kv::overlay
