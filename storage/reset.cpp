#include "storage/reset.h"

#include <string>
#include <vector>

#include "storage/changelog.h"
#include "storage/range.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

constexpr std::size_t kUuidBytes = 36;

// Of keys that begin with the account's name.
std::vector<std::string> keys_of(const kv::Snapshot& snapshot, std::string prefix, std::string_view account) {
  if (!account.empty()) prefix.append(account).push_back('\0');
  std::vector<std::string> keys;
  const auto range = range_of(prefix);
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    keys.emplace_back(cursor->key());
  }
  return keys;
}

void erase_all(kv::Transaction& transaction, const std::vector<std::string>& keys) {
  for (const auto& key : keys) transaction.erase(key);
}

}  // namespace

std::size_t reset(kv::Transaction& transaction, const Catalog& catalog, std::string_view account) {
  std::size_t tables = 0;
  for (const auto& key : keys_of(transaction, catalog_prefix(), account)) {
    const auto table = catalog.read_at(transaction, key);
    catalog.erase(transaction, table);
    leave_wiping(transaction, table.id);
    ++tables;
  }
  for (const auto& key : keys_of(transaction, streams_prefix(), account)) {
    leave_wiping(transaction, space_of_stream(transaction, key));
    transaction.erase(key);
  }
  erase_all(transaction, keys_of(transaction, tokens_prefix(), account));
  for (const auto& key : keys_of(transaction, mappings_prefix(), account)) {
    erase_all(transaction, keys_of(transaction, progress_prefix(key.substr(key.size() - kUuidBytes)), {}));
    transaction.erase(key);
  }
  return tables;
}

}  // namespace shoal
