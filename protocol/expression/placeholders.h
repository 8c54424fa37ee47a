// ExpressionAttributeNames and ExpressionAttributeValues of one request: looked up by the expressions, which so mark
// what they used; what stays unused is an error. All errors: request_error, worded as reference section 6.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/json/reader.h"
#include "protocol/value/attribute_value.h"
#include "protocol/wording.h"

namespace shoal {

class Placeholders {
 public:
  Placeholders() = default;
  // Either may be absent. Checks keys and values of both maps: names first, then values, then their size together.
  Placeholders(json::Json names, json::Json values, Wording wording);

  // `placeholder` with its sigil. Nothing when it is not defined; marks it used.
  const std::string* name(std::string_view placeholder);
  const Value* value(std::string_view placeholder);

  // Throws when a name, then when a value, was never used.
  void check_all_used() const;

  Wording wording() const { return wording_; }

 private:
  void check_size() const;

  template <class T>
  struct Entry {
    std::string placeholder;
    T meaning;
    bool used = false;
  };
  std::vector<Entry<std::string>> names_;
  std::vector<Entry<Value>> values_;
  Wording wording_ = Wording::newer;
};

}  // namespace shoal
