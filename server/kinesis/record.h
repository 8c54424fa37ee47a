// A change of an item as a record of a Kinesis data stream.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds_using-records.html
#pragma once

#include <string>

#include "storage/changelog.h"

namespace shoal {

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
inline constexpr std::size_t kPutRecordsMax = 500;
inline constexpr std::size_t kPutBytesMax = 5 << 20;            // Of all records of a call.
inline constexpr std::size_t kKinesisRecordBytesMax = 1 << 20;  // Of one.

struct KinesisRecord {
  std::string partition_key;  // Made of the item's key: an item's records are all in one shard of the stream.
  std::string data;
  std::size_t bytes() const { return partition_key.size() + data.size(); }
};

// `table` is a stream of both images that tells of the table; there need not be one of its kind.
KinesisRecord kinesis_record(const Stream& table, const Shard& shard, const ChangeRecord& change, bool microseconds);

// What `table` above is for a table.
Stream kinesis_view(const Table& table);

}  // namespace shoal
