// UntagResource: removes tags from a table; those that it does not have are passed over.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
#include "protocol/error.h"
#include "server/operations/tags.h"

namespace shoal {

Outcome untag_resource(const Call& call) {
  auto write = tag_write(call, [keys = call.input.find("TagKeys")](Tags& tags) {
    for (const auto [position, key] : keys) tags.erase(std::string(key.string()));
  });
  if (call.input.find("TagKeys").size() == 0) {
    throw validation_error("Atleast one Tag Key needs to be provided as Input.");
  }
  return write;
}

}  // namespace shoal
