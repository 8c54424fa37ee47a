// During 2026 production moved the request validation of some operations to a new layer with other words. Both are
// live at once, so what words a message asks which layer its operation has.
#pragma once

namespace shoal {

enum class Wording {
  older,    // BatchWriteItem, TransactWriteItems, TransactGetItems, Scan
  newer,    // GetItem, BatchGetItem, Query
  wrapped,  // PutItem, UpdateItem, DeleteItem: `newer`, and the session wraps request-layer messages in an envelope
};

}  // namespace shoal
