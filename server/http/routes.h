// From an X-Amz-Target header to the operation that it names.
//
//   const Routes routes(find_operation);
//   if (const Route* route = routes.find("DynamoDB_20120810.GetItem")) ...
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/model/shapes.h"
#include "server/operations/operation.h"

namespace shoal::http {

struct Route {
  const model::OperationModel* model;
  const Operation* operation;  // Null: in the model, but not built.
};

// registry.h's find_operation; tests have their own.
using FindOperation = std::function<const Operation*(std::string_view target, std::string_view name)>;

class Routes {
 public:
  explicit Routes(const FindOperation& find);
  const Route* find(std::string_view target) const;  // Null: no such operation in the model.

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Route, Hash, std::equal_to<>> routes_;
};

}  // namespace shoal::http
