// Header names are compared without regard to case; a signature's are in lower case.
#pragma once

#include <string_view>

#include "protocol/sigv4/sigv4.h"

namespace shoal::sigv4 {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline bool names(std::string_view header, std::string_view lower_case_name) {
  if (header.size() != lower_case_name.size()) return false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (lower(header[i]) != lower_case_name[i]) return false;
  }
  return true;
}

constexpr bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace shoal::sigv4
