// The x-amzn-RequestId of an answer: 52 characters of [0-9A-V], never the same twice.
#pragma once

#include <array>
#include <string_view>

namespace shoal::http {

class RequestId {
 public:
  RequestId();  // A new one: a few nanoseconds.
  std::string_view text() const { return {characters_.data(), characters_.size()}; }

 private:
  std::array<char, 52> characters_;
};

}  // namespace shoal::http
