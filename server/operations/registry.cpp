#include "server/operations/registry.h"

#include <algorithm>

namespace shoal {

// Each in the file of its name.
Outcome batch_execute_statement(const Call& call);
Outcome batch_get_item(const Call& call);
Outcome batch_write_item(const Call& call);
Outcome create_table(const Call& call);
Outcome delete_item(const Call& call);
Outcome delete_table(const Call& call);
Outcome describe_endpoints(const Call& call);
Outcome describe_kinesis_streaming_destination(const Call& call);
Outcome describe_limits(const Call& call);
Outcome describe_stream(const Call& call);
Outcome describe_table(const Call& call);
Outcome describe_time_to_live(const Call& call);
Outcome disable_kinesis_streaming_destination(const Call& call);
Outcome enable_kinesis_streaming_destination(const Call& call);
Outcome execute_statement(const Call& call);
Outcome execute_transaction(const Call& call);
Outcome get_item(const Call& call);
Outcome get_records(const Call& call);
Outcome get_shard_iterator(const Call& call);
Outcome list_streams(const Call& call);
Outcome list_tables(const Call& call);
Outcome list_tags_of_resource(const Call& call);
Outcome put_item(const Call& call);
Outcome query(const Call& call);
Outcome scan(const Call& call);
Outcome tag_resource(const Call& call);
Outcome transact_get_items(const Call& call);
Outcome transact_write_items(const Call& call);
Outcome untag_resource(const Call& call);
Outcome update_item(const Call& call);
Outcome update_kinesis_streaming_destination(const Call& call);
Outcome update_table(const Call& call);
Outcome update_time_to_live(const Call& call);

namespace {

constexpr std::string_view kDynamoDb = "DynamoDB_20120810";
constexpr std::string_view kStreams = "DynamoDBStreams_20120810";

constexpr Operation kOperations[] = {
    {kDynamoDb, "BatchExecuteStatement", batch_execute_statement},
    {kDynamoDb, "BatchGetItem", batch_get_item, Wording::newer},
    {kDynamoDb, "BatchWriteItem", batch_write_item},
    {kDynamoDb, "CreateTable", create_table},
    {kDynamoDb, "DeleteItem", delete_item, Wording::wrapped},
    {kDynamoDb, "DeleteTable", delete_table},
    {kDynamoDb, "DescribeEndpoints", describe_endpoints},
    {kDynamoDb, "DescribeKinesisStreamingDestination", describe_kinesis_streaming_destination},
    {kDynamoDb, "DescribeLimits", describe_limits},
    {kDynamoDb, "DescribeTable", describe_table},
    {kDynamoDb, "DescribeTimeToLive", describe_time_to_live},
    {kDynamoDb, "DisableKinesisStreamingDestination", disable_kinesis_streaming_destination},
    {kDynamoDb, "EnableKinesisStreamingDestination", enable_kinesis_streaming_destination},
    {kDynamoDb, "ExecuteStatement", execute_statement},
    {kDynamoDb, "ExecuteTransaction", execute_transaction},
    {kDynamoDb, "GetItem", get_item, Wording::newer},
    {kDynamoDb, "ListTables", list_tables},
    {kDynamoDb, "ListTagsOfResource", list_tags_of_resource},
    {kDynamoDb, "PutItem", put_item, Wording::wrapped},
    {kDynamoDb, "Query", query, Wording::newer},
    {kDynamoDb, "Scan", scan},
    {kDynamoDb, "TagResource", tag_resource},
    {kDynamoDb, "TransactGetItems", transact_get_items},
    {kDynamoDb, "TransactWriteItems", transact_write_items},
    {kDynamoDb, "UntagResource", untag_resource},
    {kDynamoDb, "UpdateItem", update_item, Wording::wrapped},
    {kDynamoDb, "UpdateKinesisStreamingDestination", update_kinesis_streaming_destination},
    {kDynamoDb, "UpdateTable", update_table},
    {kDynamoDb, "UpdateTimeToLive", update_time_to_live},
    {kStreams, "DescribeStream", describe_stream},
    {kStreams, "GetRecords", get_records},
    {kStreams, "GetShardIterator", get_shard_iterator},
    {kStreams, "ListStreams", list_streams},
};

}  // namespace

std::span<const Operation> all_operations() { return kOperations; }

const Operation* find_operation(std::string_view target, std::string_view name) {
  const auto found = std::find_if(std::begin(kOperations), std::end(kOperations), [&](const Operation& operation) {
    return operation.name == name && operation.target == target;
  });
  return found == std::end(kOperations) ? nullptr : found;
}

}  // namespace shoal
