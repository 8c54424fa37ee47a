#include "server/operations/item_page.h"

#include <set>

#include "protocol/error.h"
#include "protocol/json/writer.h"
#include "server/operations/consumed_capacity.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/fault_injection.h"
#include "server/operations/legacy_parameters.h"

namespace shoal {
namespace {

constexpr std::uint64_t kPageBytesMax = 1 << 20;

bool projected(const Table& table, const Index& index, const Path& path) {
  return index.projection == ProjectionType::all || index.projects(path.attribute(), table.key);
}

bool all_projected(const Table& table, const Index& index, const std::vector<Path>& paths) {
  for (const auto& path : paths) {
    if (!projected(table, index, path)) return false;
  }
  return true;
}

// "[a, b]": the attributes that the index does not keep, each once.
std::string missing_attributes(const Table& table, const Index& index, const std::vector<Path>& paths) {
  std::string list;
  std::set<std::string_view> seen;
  for (const auto& path : paths) {
    if (projected(table, index, path) || !seen.insert(path.attribute()).second) continue;
    if (!list.empty()) list += ", ";
    list += path.attribute();
  }
  return '[' + list + ']';
}

// Whether entries of a local index do not hold all that is asked for, so that each item is read from the table.
bool needs_items(const PageRequest& request) {
  if (!request.index || request.index->global || request.index->projection == ProjectionType::all) return false;
  const auto& [select, all_named, projection, filter] = request.selection;
  if (select == Select::all && all_named) return true;
  if (projection && !all_projected(*request.table, *request.index, projection->paths())) return true;
  return filter && !all_projected(*request.table, *request.index, filter->paths());
}

// The key attributes with which the next page starts.
Item last_key(const Table& table, const Index* index, ItemView item) {
  std::vector<Field> fields;
  const auto add = [&](const KeySchema& schema) {
    for (const auto* part : {&schema.partition, &schema.sort}) {
      for (const auto& attribute : *part) fields.push_back({attribute.name, *item.find(attribute.name)});
    }
  };
  add(table.key);
  if (index) add(index->key);
  return Value::map(std::move(fields));
}

class PageReader {
 public:
  PageReader(const Call& call, const PageRequest& request)
      : request_(request),
        fetches_(needs_items(request)),
        snapshot_(read_snapshot(call, *request.table, request.index, request.consistent)) {}

  ItemPage read() {
    const std::string* start = request_.start_after ? &*request_.start_after : nullptr;
    for (const auto& range : request_.ranges) {
      if (full()) break;
      if (start && !range.holds(*start)) continue;
      const auto bytes_before = bytes_;
      if (request_.points)
        read_point(range, start);
      else
        read_range(range, start);
      start = nullptr;
      add_units(read_cost(bytes_ - bytes_before, request_.consistent));
    }
    return std::move(page_);
  }

 private:
  bool full() const { return page_.evaluated >= request_.limit || bytes_ >= kPageBytesMax; }

  // What started there has been read.
  void read_point(const KeyRange& range, const std::string* start) {
    if (start) return;
    if (const auto stored = get_item(*snapshot_, range.begin)) evaluate(*stored);
  }

  void read_range(const KeyRange& range, const std::string* start) {
    RangeReader reader(*snapshot_, range, request_.direction);
    if (start) reader.start_after(*start);
    while (!full() && reader.next()) evaluate(reader.record());
  }

  void evaluate(StoredItem record) {
    ++page_.evaluated;
    bytes_ += record.size;
    if (full()) page_.last_key = last_key(*request_.table, request_.index, record.item);
    auto item = record.item;
    if (fetches_) {
      if (const auto stored = get_item(*snapshot_, item_key(*request_.table, item))) {
        item = stored->item;
        page_.consumed.table += read_cost(stored->size, request_.consistent);
      }
    }
    const auto& selection = request_.selection;
    if (selection.filter && !selection.filter->holds(item)) return;
    ++page_.matched;
    if (selection.select == Select::count) return;
    if (page_.matched > 1) page_.items += ',';
    const auto whole = selection.select_all_named ? item : record.item;  // A filter's needs are not the answer's.
    json::append_item(page_.items, selection.projection ? selection.projection->apply(item).view() : whole);
  }

  void add_units(double units) {
    if (request_.index)
      page_.consumed.add_index(*request_.table, *request_.index, units);
    else
      page_.consumed.table += units;
  }

  const PageRequest& request_;
  const bool fetches_;
  const std::unique_ptr<kv::Snapshot> snapshot_;
  ItemPage page_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Selection read_selection(const Call& call, Placeholders& placeholders, std::string_view legacy_filter,
                         Error (*conflict)(std::string_view message)) {
  const auto input = call.input;
  const auto select = input.find("Select");
  const auto wish = select ? select.string() : std::string_view();
  const bool legacy = input.find("AttributesToGet").present();
  const bool picks = legacy || input.find("ProjectionExpression").present();
  const auto refuse = [&](std::string_view wanted) {
    throw conflict("Cannot specify the " + std::string(legacy ? "AttributesToGet" : "ProjectionExpression") +
                   " when choosing to get " + std::string(wanted));
  };
  if (picks && (wish == "ALL_ATTRIBUTES" || wish == "ALL_PROJECTED_ATTRIBUTES")) refuse(wish);
  if (picks && wish == "COUNT") refuse("only the Count");
  if (!picks && wish == "SPECIFIC_ATTRIBUTES") {
    throw conflict("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (wish == "ALL_PROJECTED_ATTRIBUTES" && !input.find("IndexName")) {
    throw conflict("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }

  Selection selection;
  selection.select_all_named = wish == "ALL_ATTRIBUTES";
  if (wish == "COUNT")
    selection.select = Select::count;
  else if (wish == "ALL_PROJECTED_ATTRIBUTES")
    selection.select = Select::all_projected;
  else if (picks)
    selection.select = Select::specific;
  selection.filter = condition_of(input, "FilterExpression", placeholders);
  selection.projection = projection_of(input, placeholders);
  if (!selection.filter) selection.filter = read_legacy_filter(call, input, legacy_filter);
  if (!selection.projection) selection.projection = read_attributes_to_get(input);
  return selection;
}

const Index* index_of(const Table& table, json::Json input) {
  const auto name = input.find("IndexName");
  if (!name) return nullptr;
  const auto* index = table.index(name.string());
  if (!index) throw validation_error("The table does not have the specified index: " + std::string(name.string()));
  if (index->global && is_consistent(input)) {
    throw validation_error("Consistent reads are not supported on global secondary indexes");
  }
  if (index->status == Status::creating) {
    throw validation_error("Cannot read from backfilling global secondary index: " + index->name);
  }
  return index;
}

void check_selection(const Table& table, const Index* index, const Selection& selection) {
  constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
  if (selection.projection) check_key_paths(table, selection.projection->paths());
  if (index && index->global) {
    if (selection.select_all_named && index->projection != ProjectionType::all) {
      throw validation_error(std::string(kInvalid) +
                             "Select type ALL_ATTRIBUTES is not supported for global secondary index " + index->name +
                             " because its projection type is not ALL");
    }
    if (selection.projection && !all_projected(table, *index, selection.projection->paths())) {
      throw validation_error(std::string(kInvalid) + "Global secondary index " + index->name + " does not project " +
                             missing_attributes(table, *index, selection.projection->paths()));
    }
    if (selection.filter && !all_projected(table, *index, selection.filter->paths())) {
      throw validation_error(std::string(kInvalid) + "Secondary index " + index->name +
                             " does not project one or more filter attributes: " +
                             missing_attributes(table, *index, selection.filter->paths()));
    }
  }
  if (selection.filter) check_key_paths(table, selection.filter->paths());
}

std::uint64_t page_limit(const Call& call) {
  const auto limit = call.input.find("Limit");
  return limit ? static_cast<std::uint64_t>(limit.integer()) : std::numeric_limits<std::uint64_t>::max();
}

ItemPage read_page(const Call& call, const PageRequest& request) { return PageReader(call, request).read(); }

Answer page_answer(const Call& call, const PageRequest& request) {
  const auto page = read_page(call, request);
  Answer answer;
  answer.reserve(page.items.size() + 256);
  json::ObjectWriter object(answer);
  if (request.selection.select != Select::count) (object.key("Items").append("[") += page.items) += ']';
  object.integer("Count", static_cast<long long>(page.matched));
  object.integer("ScannedCount", static_cast<long long>(page.evaluated));
  if (page.last_key) json::append_item(object.key("LastEvaluatedKey"), page.last_key->view());
  if (counts_capacity(call)) add_consumed(call, object, *request.table, Access::read, page.consumed);
  object.close();
  return answer;
}

}  // namespace shoal
