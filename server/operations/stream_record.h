// A change of an item as a record of its stream.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "storage/changelog.h"

namespace shoal {

std::string_view event_name(const ChangeRecord& change);  // "INSERT"
void append_keys(std::string& out, const Stream& stream, const ChangeRecord& change);

// Keys and the images that the stream shows, in bytes as DynamoDB counts.
std::size_t record_size(const Stream& stream, const ChangeRecord& change);

void append_record(std::string& out, const Stream& stream, const Shard& shard, const ChangeRecord& change);

}  // namespace shoal
