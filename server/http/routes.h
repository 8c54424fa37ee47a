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
  std::size_t counted_as;      // In the metrics.
};

// registry.h's find_operation; tests have their own.
using FindOperation = std::function<const Operation*(std::string_view target, std::string_view name)>;

class Routes {
 public:
  Routes(const FindOperation& find, RequestMetrics& metrics);
  const Route* find(std::string_view target) const;          // Null: no such operation in the model.
  std::size_t others_counted_as() const { return others_; }  // Requests that are no operation.

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Route, Hash, std::equal_to<>> routes_;
  std::size_t others_;
};

}  // namespace shoal::http
