#include "storage/kv/overlay/layered_cursor.h"

#include <string>
#include <utility>

namespace shoal::kv::overlay {

LayeredCursor::LayeredCursor(std::vector<std::unique_ptr<LayerCursor>> layers, std::unique_ptr<Cursor> base)
    : shows_erased_(base == nullptr) {
  layers_.reserve(layers.size() + 1);
  for (auto& layer : layers) {
    const LayerCursor* const same = layer.get();
    layers_.push_back({std::move(layer), same});
  }
  if (base) layers_.push_back({std::move(base), nullptr});
}

void LayeredCursor::note(Layer& layer, bool there) {
  layer.there = there;
  if (there) layer.key = layer.cursor->key();
}

bool LayeredCursor::seek(Bytes key) {
  forward_ = true;
  for (auto& layer : layers_) note(layer, layer.cursor->seek(key));
  return settle();
}

bool LayeredCursor::seek_before(Bytes key) {
  forward_ = false;
  for (auto& layer : layers_) note(layer, layer.cursor->seek_before(key));
  return settle();
}

bool LayeredCursor::next() {
  if (!forward_) return seek(std::string(current_->key) + '\0');  // The least key that is greater.
  move_on();
  return settle();
}

bool LayeredCursor::previous() {
  if (forward_) return seek_before(std::string(current_->key));
  move_on();
  return settle();
}

// At the nearest key of all layers that is to be shown.
bool LayeredCursor::settle() {
  for (;; move_on()) {
    current_ = nullptr;
    for (auto& layer : layers_) {
      if (!layer.there) continue;
      if (current_ == nullptr || (forward_ ? layer.key < current_->key : layer.key > current_->key)) current_ = &layer;
    }
    if (current_ == nullptr) return false;
    if (shows_erased_ || !erased()) return true;
  }
}

// All layers that stand at the current key; the one that shows it last, for its key goes with it.
void LayeredCursor::move_on() {
  for (auto& layer : layers_) {
    if (&layer != current_ && layer.there && layer.key == current_->key) move_on(layer);
  }
  move_on(*current_);
}

void LayeredCursor::move_on(Layer& layer) { note(layer, forward_ ? layer.cursor->next() : layer.cursor->previous()); }

}  // namespace shoal::kv::overlay
