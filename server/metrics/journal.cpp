#include "server/metrics/journal.h"

#include <algorithm>

namespace shoal {

void Spent::add_table(std::string_view name) {
  if (std::find(tables.begin(), tables.end(), name) == tables.end()) tables.emplace_back(name);
}

void Journal::begin(std::size_t records_max) {
  const std::lock_guard lock(mutex_);
  records_.clear();
  left_out_ = 0;
  records_max_ = records_max;
  on_ = true;
}

void Journal::end() {
  const std::lock_guard lock(mutex_);
  on_ = false;
  records_.clear();
  left_out_ = 0;
}

void Journal::add(RequestRecord record) {
  const std::lock_guard lock(mutex_);
  if (!on_) return;
  records_.push_back(std::move(record));
  if (records_.size() <= records_max_) return;
  records_.pop_front();
  ++left_out_;
}

std::vector<RequestRecord> Journal::records() const {
  const std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

std::uint64_t Journal::left_out() const {
  const std::lock_guard lock(mutex_);
  return left_out_;
}

}  // namespace shoal
