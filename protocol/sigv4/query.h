// A request target's parts, and URI encoding as Signature Version 4 wants it.
//
//   split_target("/a?b=%2f").path;   // "/a"
//   parse_query("b=%2f&c");          // {{"b", "/"}, {"c", ""}}
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shoal::sigv4 {

struct Target {
  std::string_view path;   // "/" when there is none
  std::string_view query;  // without its '?'
};

// Takes the absolute form that proxies are sent ("http://host/path?query") too.
Target split_target(std::string_view target);

struct QueryParameter {
  std::string name;  // decoded
  std::string value;
};

// In the order given. '+' is a blank; a '%' that no two hex digits follow stands for itself.
std::vector<QueryParameter> parse_query(std::string_view query);

// Encodes all but A-Z a-z 0-9 - _ . ~ as %XX, in upper case.
void append_uri_encoded(std::string& out, std::string_view text);

}  // namespace shoal::sigv4
