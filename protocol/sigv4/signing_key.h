// The keys that requests are signed with: derived from a secret for one day, region and service by four HMACs, so they
// are kept from one request to the next.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/sigv4/sha256.h"
#include "protocol/sigv4/sigv4.h"

namespace shoal::sigv4 {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kService = "dynamodb";
inline constexpr std::string_view kTerminator = "aws4_request";

HmacKey derive_signing_key(std::string_view secret, std::string_view date, std::string_view region,
                           std::string_view service = kService);

// Each thread keeps to a shard of its own as long as there are not more threads than shards, so the locks are free.
// A shard that is full forgets everything: deriving again costs two microseconds, and only a flood of made-up regions
// fills it.
struct SigningKeys::Impl {
 public:
  HmacKey key(std::string_view secret, std::string_view date, std::string_view region);

 private:
  // Compared part by part: no other secret's parts can run together to the same text.
  struct Parts {
    std::string_view secret, date, region;
    friend bool operator==(const Parts&, const Parts&) = default;
  };
  struct HashParts {
    std::size_t operator()(const Parts& parts) const;
  };
  struct Entry {
    Entry(const Parts& parts);
    std::string secret, date, region;
    HmacKey key;
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    std::unordered_map<Parts, std::unique_ptr<Entry>, HashParts> entries;  // keyed by the entry's own strings
  };

  static constexpr std::size_t kShards = 32;
  static constexpr std::size_t kEntriesMax = 256;  // of a shard
  Shard shards_[kShards];
};

}  // namespace shoal::sigv4
