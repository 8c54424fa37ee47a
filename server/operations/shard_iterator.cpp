#include "server/operations/shard_iterator.h"

#include <cstdint>
#include <cstring>

#include "protocol/json/base64.h"

namespace shoal {
namespace {

constexpr std::string_view kVersion = "|1|";

// from:8 issued, in epoch milliseconds:8 shard:4 reader:4
constexpr std::size_t kRestBytes = sizeof(std::uint64_t) + sizeof(std::int64_t) + 2 * sizeof(std::uint32_t);

}  // namespace

Error trimmed_data() {
  return Error(errors::trimmed_data_access, "The data you are trying to access has been trimmed.");
}

std::string iterator_text(const ShardIterator& iterator) {
  const std::int64_t issued_ms = iterator.issued.count();
  char rest[kRestBytes];
  std::memcpy(rest, &iterator.from, 8);
  std::memcpy(rest + 8, &issued_ms, 8);
  std::memcpy(rest + 16, &iterator.shard, 4);
  std::memcpy(rest + 20, &iterator.reader, 4);
  auto text = iterator.stream_arn;
  text += kVersion;
  json::append_base64(text, {rest, kRestBytes});
  return text;
}

std::optional<ShardIterator> read_iterator(std::string_view text) {
  const auto cut = text.find(kVersion);
  if (cut == std::string_view::npos) return std::nullopt;
  const auto rest = json::decode_base64(text.substr(cut + kVersion.size()));
  if (!rest || rest->size() != kRestBytes) return std::nullopt;
  ShardIterator iterator;
  iterator.stream_arn = text.substr(0, cut);
  std::int64_t issued_ms;
  std::memcpy(&iterator.from, rest->data(), 8);
  std::memcpy(&issued_ms, rest->data() + 8, 8);
  std::memcpy(&iterator.shard, rest->data() + 16, 4);
  std::memcpy(&iterator.reader, rest->data() + 20, 4);
  iterator.issued = std::chrono::milliseconds(issued_ms);
  return iterator;
}

}  // namespace shoal
