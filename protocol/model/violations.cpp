#include "protocol/model/violations.h"

#include <utility>

#include "protocol/error.h"

namespace shoal::model {

void Violations::add(std::string failure) {
  if (full()) return;
  failures_.push_back(std::move(failure));
  bare_ = false;
}

void Violations::add_bare(std::string failure) {
  add(std::move(failure));
  bare_ = size() == 1;
}

void Violations::raise() const {
  if (empty()) return;
  if (bare_) throw validation_error(failures_.front());
  std::string message = std::to_string(size()) + " validation error" + (size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < size(); ++i) {
    if (i > 0) message += "; ";
    message += failures_[i];
  }
  throw validation_error(std::move(message));
}

}  // namespace shoal::model
