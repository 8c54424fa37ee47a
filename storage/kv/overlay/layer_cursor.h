// A cursor over what lies above a store: it comes by what was erased there, too.
#pragma once

#include "storage/kv/kv.h"

namespace shoal::kv::overlay {

// What a layer knows of a key.
struct Found {
  Bytes value;
  bool erased = false;
};

class LayerCursor : public Cursor {
 public:
  virtual bool erased() const = 0;  // The key is there so that none shows below it; it has no value.
};

}  // namespace shoal::kv::overlay
