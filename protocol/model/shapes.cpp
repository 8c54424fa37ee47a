#include "protocol/model/shapes.h"

#include <algorithm>

namespace shoal::model {

const OperationModel* find_operation(std::string_view target, std::string_view name) {
  const auto all = operations();
  const auto found = std::lower_bound(all.begin(), all.end(), name, [](const OperationModel& operation, auto sought) {
    return operation.name < sought;
  });
  if (found == all.end() || found->name != name || found->target != target) return nullptr;
  return &*found;
}

}  // namespace shoal::model
