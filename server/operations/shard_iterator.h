// A shard iterator: where GetRecords goes on. It says all that by itself, so nothing is kept for it, it survives a
// restart, and it can be used more than once.
//
//   <stream ARN>|1|<base64 of the rest>
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/shard_readers.h"
#include "storage/key/layout.h"

namespace shoal {

inline constexpr std::chrono::milliseconds kIteratorLife = std::chrono::minutes(15);

struct ShardIterator {
  std::string stream_arn;
  ShardNumber shard = 0;
  Sequence from = 0;  // The first record that is wanted; 0: the oldest there is, whatever was trimmed.
  std::chrono::milliseconds issued{};
  ReaderNumber reader = 0;  // Whose it is.
};

std::string iterator_text(const ShardIterator& iterator);
std::optional<ShardIterator> read_iterator(std::string_view text);  // Nothing when it is none.

// TrimmedDataAccessException.
Error trimmed_data();

}  // namespace shoal
