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

// As GetRecords answers it, and as the event of a Lambda function has it: with the stream's ARN, a whole number for the
// time, and other capitals in whoever made the change.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
enum class RecordForm { api, lambda };

// Writes records of one shard; what is alike in all of them it has worded beforehand. The stream must outlive it.
class RecordWriter {
 public:
  RecordWriter(const Stream& stream, const Shard& shard, RecordForm form = RecordForm::api);
  // `size` is the record_size().
  void append(std::string& out, const ChangeRecord& change, std::size_t size);

 private:
  void append_event_id(std::string& out, Sequence sequence);

  const Stream& stream_;
  std::string name_;    // Of the record, among all; the sequence number is at its end.
  std::string source_;  // From eventVersion to ApproximateCreationDateTime.
  std::string_view keys_;
  std::string view_;  // StreamViewType, the last of the change.
  std::string_view expired_;
  std::string end_;
};

}  // namespace shoal
