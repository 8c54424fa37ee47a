// Which changes a function wants: EventBridge's language of event patterns, as far as Lambda's filter criteria have it.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
//
//   EventFilter filter({R"({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"n": {"S": [{"prefix": "a"}]}}}})"});
//   filter.matches(record);   // the JSON of the record as the function would get it
//
// A change passes when one of the patterns matches; when there is none, every change does. Safe for one thread at a
// time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shoal {

class EventFilter {
 public:
  // A pattern that is none matches nothing.
  explicit EventFilter(const std::vector<std::string>& patterns);
  ~EventFilter();
  EventFilter(EventFilter&&) noexcept;
  EventFilter& operator=(EventFilter&&) noexcept;

  bool passes_all() const;
  bool matches(std::string_view record);

  static bool is_pattern(std::string_view text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal
