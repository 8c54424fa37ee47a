// A cursor over layers, each key as the topmost layer that knows it has it: over a store and what lies above it, or
// over a few layers that are to become one.
#pragma once

#include <memory>
#include <vector>

#include "storage/kv/overlay/layer_cursor.h"

namespace shoal::kv::overlay {

class LayeredCursor final : public LayerCursor {
 public:
  // The newest first. Over `base` it passes by what was erased; without one (null) it comes by it.
  LayeredCursor(std::vector<std::unique_ptr<LayerCursor>> layers, std::unique_ptr<Cursor> base);

  bool seek(Bytes key) override;
  bool seek_before(Bytes key) override;
  bool next() override;
  bool previous() override;
  Bytes key() const override { return current_->key; }
  Bytes value() const override { return current_->cursor->value(); }
  bool erased() const override { return current_->layer != nullptr && current_->layer->erased(); }

 private:
  struct Layer {
    std::unique_ptr<Cursor> cursor;
    const LayerCursor* layer;  // The same; null: the base, where nothing is erased.
    bool there = false;
    Bytes key{};
  };

  bool settle();
  void move_on();
  void move_on(Layer& layer);
  static void note(Layer& layer, bool there);

  std::vector<Layer> layers_;  // The newest first.
  const bool shows_erased_;
  Layer* current_ = nullptr;
  bool forward_ = true;  // Where the layers stand: at the current key or beyond it in this direction.
};

}  // namespace shoal::kv::overlay
