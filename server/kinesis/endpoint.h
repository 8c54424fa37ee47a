// The Kinesis that records are put to: as much of its API as delivering takes.
//
//   const auto kinesis = open_kinesis(*parse_http_url("http://localhost:4567"), {});
//   const PutResult result = kinesis->put_records({"000000000000", "us-east-1", "music"}, records);
//   result.taken[0];   // whether the first record is in the stream
//
// A call blocks, for one thread at a time but for cancel(), which ends it and every later one.
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/kinesis/record.h"
#include "server/outgoing/http_url.h"

namespace shoal {

struct KinesisStream {
  std::string account;  // The table's.
  std::string region;
  std::string name;
};
// The region and name in the ARN of a stream.
KinesisStream kinesis_stream(std::string_view account, std::string_view arn);

struct PutResult {
  std::vector<bool> taken;  // One for each record.
  std::string failure;      // Why the first that was not taken was not.
};

// No record is known to have been taken: the network failed, or Kinesis refused the call.
class KinesisError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class KinesisEndpoint {
 public:
  virtual ~KinesisEndpoint() = default;
  // At most kPutRecordsMax records of kPutBytesMax. Throws KinesisError.
  virtual PutResult put_records(const KinesisStream& stream, std::span<const KinesisRecord* const> records) = 0;
  virtual void cancel() = 0;
};

// Requests are signed with these; without an access key, with the account's number for one.
struct KinesisKeys {
  std::string access_key;
  std::string secret_key = "local";
};

std::unique_ptr<KinesisEndpoint> open_kinesis(HttpUrl url, KinesisKeys keys);

// The body of PutRecords, and what its answer says of `count` records: the parts of the above that need no network.
std::string put_records_body(const KinesisStream& stream, std::span<const KinesisRecord* const> records);
PutResult read_put_records(int status, std::string_view body, std::size_t count);

}  // namespace shoal
