// BatchGetItem: up to 100 items by their keys, from one or more tables.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "server/operations/consumed_capacity.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/fault_injection.h"
#include "server/operations/item_keys.h"
#include "server/operations/legacy_parameters.h"
#include "server/operations/table_name.h"
#include "storage/items.h"

namespace shoal {
namespace {

constexpr std::size_t kKeysMax = 100;
constexpr std::size_t kAnswerBytesMax = 16 << 20;

// What is asked of one table.
struct TableRequest {
  std::string_view name;  // as in the request
  json::Json input;
  std::vector<Item> keys;
  std::optional<Projection> projection;
  bool consistent;
  TablePtr table;
  std::vector<std::string> stored_at;
};

TableRequest read_request(const Call& call, std::string_view name, json::Json input) {
  check_expression_parameters(call, input, {"AttributesToGet"}, {"ProjectionExpression"}, {});
  TableRequest request{name, input, {}, std::nullopt, is_consistent(input)};
  for (const auto [_, key] : input.find("Keys")) request.keys.push_back(json::read_item(key, call.operation.wording));
  return request;
}

void read_projection(const Call& call, TableRequest& request) {
  auto placeholders = placeholders_of(call, request.input);
  request.projection = projection_of(request.input, placeholders);
  placeholders.check_all_used();
  if (!request.projection) request.projection = read_attributes_to_get(request.input);
}

// AttributesToGet of one table and ProjectionExpression of another are in one request, too.
void check_one_style(const Call& call) {
  bool attributes = false, expression = false;
  for (const auto [_, input] : call.input.find("RequestItems")) {
    attributes = attributes || input.find("AttributesToGet");
    expression = expression || input.find("ProjectionExpression");
  }
  if (attributes && expression) refuse_both_styles("AttributesToGet", "ProjectionExpression");
}

void hold_against_table(const Call& call, TableRequest& request) {
  request.table = find_table(call, request.name);
  for (const auto& key : request.keys) {
    check_key(*request.table, key.view());
    request.stored_at.push_back(item_key(*request.table, key.view()));
  }
  if (request.projection) check_key_paths(*request.table, request.projection->paths());
}

// One table may be named twice, plainly and by its ARN.
void check_distinct(const std::vector<TableRequest>& requests) {
  std::vector<std::string_view> all;
  for (const auto& request : requests) all.insert(all.end(), request.stored_at.begin(), request.stored_at.end());
  check_distinct_items(std::move(all), "Provided list of item keys contains duplicates");
}

std::vector<BatchPart> parts_of(const std::vector<TableRequest>& requests) {
  std::vector<BatchPart> parts;
  for (const auto& request : requests) parts.push_back({request.table, request.keys.size()});
  return parts;
}

// {"Keys":[...], and the parameters of the table's request as they came}
void append_unprocessed(std::string& out, const TableRequest& request, std::size_t first) {
  json::ObjectWriter object(out);
  object.key("Keys") += '[';
  for (auto i = first; i < request.keys.size(); ++i) {
    if (i > first) out += ',';
    json::append_item(out, request.keys[i].view());
  }
  out += ']';
  if (request.input.find("ConsistentRead")) object.boolean("ConsistentRead", request.consistent);
  if (const auto text = request.input.find("ProjectionExpression")) object.text("ProjectionExpression", text.string());
  if (const auto attributes = request.input.find("AttributesToGet")) {
    object.key("AttributesToGet") += '[';
    bool comma = false;
    for (const auto [_, attribute] : attributes) {
      if (std::exchange(comma, true)) out += ',';
      json::append_string(out, attribute.string());
    }
    out += ']';
  }
  if (const auto names = request.input.find("ExpressionAttributeNames")) {
    object.key("ExpressionAttributeNames") += '{';
    bool comma = false;
    for (const auto [placeholder, name] : names) {
      if (std::exchange(comma, true)) out += ',';
      json::append_string(out, placeholder);
      out += ':';
      json::append_string(out, name.string());
    }
    out += '}';
  }
  object.close();
}

class Reader {
 public:
  explicit Reader(const Call& call) : call_(call) {}

  // All but the last `left` items.
  void read(const TableRequest& request, std::size_t left) {
    const auto snapshot = read_snapshot(call_, *request.table, nullptr, request.consistent);
    const auto count = request.stored_at.size() - left;
    begin(responses_, request);
    responses_ += '[';
    Consumed consumed;
    bool comma = false;
    std::size_t i = 0;
    for (; i < count && !full_; ++i) {
      const auto stored = get_item(*snapshot, request.stored_at[i]);
      if (stored && bytes_ + stored->size > kAnswerBytesMax) {
        full_ = true;
        break;
      }
      consumed.table += read_cost(stored ? stored->size : 0, request.consistent);
      if (!stored) continue;
      bytes_ += stored->size;
      if (std::exchange(comma, true)) responses_ += ',';
      json::append_item(responses_, request.projection ? request.projection->apply(stored->item).view() : stored->item);
    }
    responses_ += ']';
    if (i < request.keys.size()) {
      begin(unprocessed_, request);
      append_unprocessed(unprocessed_, request, i);
    }
    note_consumed(call_, *request.table, Access::read, consumed);
    if (const auto detail = capacity_detail(call_); detail != CapacityDetail::none) {
      consumed_ += consumed_.empty() ? "" : ",";
      append_consumed(consumed_, *request.table, consumed, detail);
    }
  }

  Answer answer() const {
    Answer answer = "{\"Responses\":{" + responses_ + "},\"UnprocessedKeys\":{" + unprocessed_ + '}';
    if (!consumed_.empty()) answer += ",\"ConsumedCapacity\":[" + consumed_ + ']';
    return answer + '}';
  }

 private:
  static void begin(std::string& out, const TableRequest& request) {
    if (!out.empty()) out += ',';
    json::append_string(out, request.name);
    out += ':';
  }

  const Call& call_;
  std::string responses_, unprocessed_, consumed_;
  std::uint64_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

Outcome batch_get_item(const Call& call) {
  check_one_style(call);
  std::vector<TableRequest> requests;
  std::size_t keys = 0;
  for (const auto [name, input] : call.input.find("RequestItems")) {
    requests.push_back(read_request(call, name, input));
    keys += requests.back().keys.size();
  }
  if (keys > kKeysMax) throw request_error("Too many items requested for the BatchGetItem call");
  for (auto& request : requests) read_projection(call, request);
  for (auto& request : requests) hold_against_table(call, request);
  check_distinct(requests);

  const auto left = left_over(call, parts_of(requests));
  Reader reader(call);
  for (std::size_t i = 0; i < requests.size(); ++i) reader.read(requests[i], left[i]);
  return reader.answer();
}

}  // namespace shoal
