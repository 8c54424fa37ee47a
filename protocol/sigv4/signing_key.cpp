#include "protocol/sigv4/signing_key.h"

#include <openssl/crypto.h>

#include <atomic>
#include <functional>

namespace shoal::sigv4 {
namespace {

std::size_t this_thread_number() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

HmacKey derive_signing_key(std::string_view secret, std::string_view date, std::string_view region,
                           std::string_view service) {
  std::string first = "AWS4";
  first += secret;
  const Digest of_date = HmacKey(first).sign(date);
  const Digest of_region = HmacKey(bytes(of_date)).sign(region);
  const Digest of_service = HmacKey(bytes(of_region)).sign(service);
  const HmacKey key(bytes(HmacKey(bytes(of_service)).sign(kTerminator)));
  OPENSSL_cleanse(first.data(), first.size());
  return key;
}

std::size_t SigningKeys::Impl::HashParts::operator()(const Parts& parts) const {
  const std::hash<std::string_view> hash;
  auto mixed = hash(parts.secret);
  mixed = mixed * 0x9E3779B97F4A7C15 + hash(parts.date);
  return mixed * 0x9E3779B97F4A7C15 + hash(parts.region);
}

SigningKeys::Impl::Entry::Entry(const Parts& parts)
    : secret(parts.secret),
      date(parts.date),
      region(parts.region),
      key(derive_signing_key(parts.secret, parts.date, parts.region)) {}

HmacKey SigningKeys::Impl::key(std::string_view secret, std::string_view date, std::string_view region) {
  const Parts parts{secret, date, region};
  auto& shard = shards_[this_thread_number() % kShards];
  const std::lock_guard lock(shard.mutex);
  if (const auto found = shard.entries.find(parts); found != shard.entries.end()) return found->second->key;
  if (shard.entries.size() >= kEntriesMax) shard.entries.clear();
  auto entry = std::make_unique<Entry>(parts);
  const Parts own{entry->secret, entry->date, entry->region};
  return shard.entries.emplace(own, std::move(entry)).first->second->key;
}

SigningKeys::SigningKeys() : impl_(std::make_unique<Impl>()) {}

SigningKeys::~SigningKeys() = default;

}  // namespace shoal::sigv4
