// ListTables: the names of the caller's tables in their region, in order, page by page.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
#include "protocol/json/writer.h"
#include "server/operations/operation.h"

namespace shoal {
namespace {

constexpr std::size_t kNamesMax = 100;

}  // namespace

Outcome list_tables(const Call& call) {
  const auto limit = call.input.find("Limit");
  const auto start = call.input.find("ExclusiveStartTableName");
  const auto count_max = limit ? static_cast<std::size_t>(limit.integer()) : kNamesMax;
  // One more than is answered shows whether there are more.
  auto names = call.services.catalog.names(call.account, call.region, start ? start.string() : std::string_view(),
                                           count_max + 1);
  const bool more = names.size() > count_max;
  if (more) names.pop_back();

  Answer answer;
  json::ObjectWriter object(answer);
  object.key("TableNames") += '[';
  for (const auto& name : names) {
    if (&name != &names.front()) answer += ',';
    json::append_string(answer, name);
  }
  answer += ']';
  if (more) object.text("LastEvaluatedTableName", names.back());
  object.close();
  return answer;
}

}  // namespace shoal
