#include "storage/expiries.h"

#include <charconv>

#include "storage/range.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

constexpr std::uint64_t kFiveYearsSeconds = std::uint64_t{5} * 365 * 24 * 60 * 60;

std::uint64_t seconds_of(std::chrono::milliseconds time) { return static_cast<std::uint64_t>(time.count() / 1000); }

// Of an item that may be deleted one day.
std::optional<std::uint64_t> expiry_to_keep(const Table& table, const std::optional<Item>& item,
                                            std::chrono::milliseconds now) {
  if (!item) return std::nullopt;
  const auto expiry = expiry_of(table.ttl_attribute, item->view());
  return expiry && !is_too_old(*expiry, now) ? expiry : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> expiry_of(std::string_view attribute, ItemView item) {
  const auto value = item.find(attribute);
  if (!value || value->type() != Type::number) return std::nullopt;
  const auto text = value->text();
  const auto whole = text.substr(0, text.find('.'));
  std::uint64_t seconds = 0;
  const auto [end, failure] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  // Beyond 64 bits is never.
  if (failure != std::errc() || end != whole.data() + whole.size() || seconds > INT64_MAX) return std::nullopt;
  return seconds;
}

bool is_too_old(std::uint64_t expiry, std::chrono::milliseconds now) {
  return expiry + kFiveYearsSeconds < seconds_of(now);
}

bool is_expired(std::uint64_t expiry, std::chrono::milliseconds now) {
  return expiry <= seconds_of(now) && !is_too_old(expiry, now);
}

void move_expiry(kv::Transaction& transaction, const Table& table, std::string_view item_key,
                 std::chrono::milliseconds now, const std::optional<Item>& before, const std::optional<Item>& after) {
  const auto old_expiry = before ? expiry_of(table.ttl_attribute, before->view()) : std::nullopt;
  const auto new_expiry = expiry_to_keep(table, after, now);
  if (old_expiry == new_expiry) return;
  if (old_expiry) transaction.erase(expiry_key(table.id, *old_expiry, item_key));
  if (new_expiry) transaction.put(expiry_key(table.id, *new_expiry, item_key), {});
}

std::vector<Expiry> due_items(const kv::Snapshot& snapshot, const Table& table, std::chrono::milliseconds now,
                              std::size_t count_max) {
  std::vector<Expiry> due;
  const auto range = range_of(expiries_prefix(table.id));
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()) && due.size() < count_max;
       more = cursor->next()) {
    const auto key = cursor->key();
    const auto seconds = seconds_of_expiry(key);
    if (seconds > seconds_of(now)) break;
    due.push_back({std::string(key), item_key_of_expiry(key), seconds});
  }
  return due;
}

bool fill_expiries_some(kv::Transaction& transaction, const Table& table, std::chrono::milliseconds now) {
  const auto batch = next_batch(transaction, table, table.id);
  for (const auto& item : batch.items) {
    move_expiry(transaction, table, item_key(table, item.view()), now, std::nullopt, item);
  }
  keep_position(transaction, table.id, SpaceWork::expiries, batch);
  return batch.reached_end;
}

}  // namespace shoal
