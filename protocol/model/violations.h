// What a request violates of its model, collected in order and worded as one error.
//
//   Violations violations;
//   violations.add("Value null at 'key' failed to satisfy constraint: Member must not be null");
//   violations.raise();   // ValidationException "1 validation error detected: Value null at 'key' failed ..."
//
// Production gives up after ten: the tenth is the last that is listed and counted.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace shoal::model {

class Violations {
 public:
  static constexpr std::size_t kListedMax = 10;

  void add(std::string failure);
  // One whose failure, as long as it is the only one, is sent without the envelope.
  void add_bare(std::string failure);

  bool empty() const { return failures_.empty(); }
  bool full() const { return failures_.size() == kListedMax; }
  std::size_t size() const { return failures_.size(); }

  // Throws the ValidationException, if there is any violation.
  void raise() const;

 private:
  std::vector<std::string> failures_;
  bool bare_ = false;
};

}  // namespace shoal::model
