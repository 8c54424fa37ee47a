// TagResource: adds tags to a table, or replaces the values of those that it has.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
#include "protocol/error.h"
#include "server/operations/tags.h"

namespace shoal {

Outcome tag_resource(const Call& call) {
  auto write = tag_write(call, [list = call.input.find("Tags")](Tags& tags) { add_tags(list, tags); });
  if (call.input.find("Tags").size() == 0) throw validation_error("Atleast one Tag needs to be provided as Input.");
  return write;
}

}  // namespace shoal
