// What PutItem, UpdateItem, DeleteItem and their likes in batches and transactions share: a request is read (everything
// that can be wrong with it without its table), then held against the table, which gives an ItemWrite; what that did is
// answered alike.
#pragma once

#include <optional>

#include "protocol/expression/update.h"
#include "server/operations/consumed_capacity.h"
#include "server/operations/operation.h"
#include "storage/items.h"

namespace shoal {

// A request to write one item, not yet held against its table.
struct WriteRequest {
  Item item;  // To be put, or the key of what is to be updated or deleted.
  std::optional<Condition> condition;
  std::optional<Update> update;
  bool return_item_on_failure = false;
};

// Where a write stands: a request of its own, which may have legacy parameters and ReturnValues, or an action of
// TransactWriteItems, whose model has neither, so that they are ignored like all that the model does not know.
enum class WriteForm { request, action };

// put_item.cpp, update_item.cpp, delete_item.cpp. `input` is the call's input or the action's. Reading throws
// request_error; holding against the table throws validation_error.
WriteRequest read_put(const Call& call, json::Json input, WriteForm form);
WriteRequest read_update(const Call& call, json::Json input, WriteForm form);
WriteRequest read_delete(const Call& call, json::Json input, WriteForm form);
ItemWrite put_write(WriteRequest request, TablePtr table);
ItemWrite update_write(WriteRequest request, TablePtr table);
ItemWrite delete_write(WriteRequest request, TablePtr table);

// That Expected and ConditionExpression do not mix, where these are its only conditions.
void check_condition_parameters(const Call& call, json::Json input, WriteForm form);
// Reads ConditionExpression (or Expected) and ReturnValuesOnConditionCheckFailure into `request`, where these are its
// only expressions.
void read_condition(const Call& call, json::Json input, WriteForm form, WriteRequest& request);
bool returns_item_on_failure(json::Json input);

enum class ReturnValues { none, all_old, updated_old, all_new, updated_new };
ReturnValues return_values(json::Json input);
// The attributes that an update returns; nothing when there are none to return.
std::optional<Item> returned(ReturnValues wish, const std::optional<Update>& update, const Applied& applied);
// Of PutItem and DeleteItem, which have no others. Throws request_error.
ReturnValues return_old_or_none(json::Json input);

// Write units of the table and its indexes.
Consumed consumed_by(const Table& table, const Applied& applied);

// {"ItemCollectionKey":...,"SizeEstimateRangeGB":[0.0,1.0]}; only of tables with a local index.
void append_collection_metrics(std::string& out, const ItemWrite& write, const Applied& applied);

// The answer of a single write: Attributes (when there are any), ConsumedCapacity, ItemCollectionMetrics.
Answer write_answer(const Call& call, const ItemWrite& write, const Applied& applied,
                    const std::optional<Item>& attributes);

}  // namespace shoal
