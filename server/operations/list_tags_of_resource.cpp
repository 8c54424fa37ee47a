// ListTagsOfResource: the tags of a table. There are at most 50, so one page holds them all.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
#include "protocol/json/writer.h"
#include "server/operations/tags.h"

namespace shoal {

Outcome list_tags_of_resource(const Call& call) {
  const auto table = call.services.catalog.find(call.account, call.region, tagged_table_name(call));
  if (!table) throw tagged_table_not_found(call);
  if (call.input.find("NextToken")) throw validation_error("Invalid NextToken");

  Answer answer = R"({"Tags":[)";
  bool first = true;
  for (const auto& [key, value] : table->tags) {
    if (!first) answer += ',';
    first = false;
    json::ObjectWriter tag(answer);
    tag.text("Key", key);
    tag.text("Value", value);
    tag.close();
  }
  return answer += "]}";
}

}  // namespace shoal
