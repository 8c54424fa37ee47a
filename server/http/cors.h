// Which web pages may read answers: those of this machine, and those whose origin was allowed by --cors-origin.
// Production lets every page; a server on a developer's machine must not let every page of the web into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http/request.h"

namespace shoal::http {

class Cors {
 public:
  explicit Cors(const std::vector<std::string>& origins);  // Besides loopback; "*" is every origin.
  bool allows(std::string_view origin) const;              // The Origin header's value.

 private:
  std::vector<std::string> origins_;  // lower case
  bool all_ = false;
};

// Headers for every answer to an allowed origin, and those for its preflight besides; each ends in CRLF.
void append_cors_headers(std::string& out);
void append_preflight_headers(std::string& out, const Request& request);

}  // namespace shoal::http
