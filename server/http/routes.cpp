#include "server/http/routes.h"

namespace shoal::http {

Routes::Routes(const FindOperation& find, RequestMetrics& metrics) : others_(metrics.add("other")) {
  for (const auto& model : model::operations()) {
    const std::string target = std::string(model.target) + "." + std::string(model.name);
    routes_.emplace(target, Route{&model, find(model.target, model.name), metrics.add(model.name)});
  }
}

const Route* Routes::find(std::string_view target) const {
  const auto found = routes_.find(target);
  return found == routes_.end() ? nullptr : &found->second;
}

}  // namespace shoal::http
