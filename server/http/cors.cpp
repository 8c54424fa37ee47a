#include "server/http/cors.h"

#include <algorithm>

namespace shoal::http {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 127.0.0.0/8, written as browsers write it: four decimal parts. (127.evil.example is a name.)
bool is_loopback_ipv4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  int dots = 0;
  while (true) {
    const auto dot = host.find('.');
    const auto part = host.substr(0, dot);
    if (!all_digits(part) || part.size() > 3) return false;
    if (dot == std::string_view::npos) return dots == 3;
    ++dots;
    host.remove_prefix(dot + 1);
  }
}

bool is_loopback(std::string_view origin) {
  const auto scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return false;
  auto host = origin.substr(scheme_end + 3);
  const auto colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  if (colon != std::string_view::npos) {
    if (!all_digits(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_loopback_ipv4(host);
}

}  // namespace

Cors::Cors(const std::vector<std::string>& origins) {
  for (const auto& origin : origins) {
    if (origin == "*") {
      all_ = true;
    } else {
      origins_.push_back(lower(origin));
    }
  }
}

bool Cors::allows(std::string_view origin) const {
  if (origin.empty()) return false;
  if (all_) return true;
  const std::string given = lower(origin);
  return is_loopback(given) || std::find(origins_.begin(), origins_.end(), given) != origins_.end();
}

void append_cors_headers(std::string& out) {
  out +=
      "Access-Control-Allow-Origin: *\r\n"
      "Access-Control-Expose-Headers: x-amzn-RequestId, x-amzn-ErrorType, x-amz-request-id, x-amz-id-2, "
      "x-amzn-ErrorMessage, x-amz-crc32, x-shoal-hint, Date\r\n";
}

void append_preflight_headers(std::string& out, const Request& request) {
  out += "Access-Control-Max-Age: 172800\r\n";
  if (!request.requested_headers.empty()) {
    out.append("Access-Control-Allow-Headers: ").append(request.requested_headers).append("\r\n");
  }
  if (!request.requested_method.empty()) {
    out.append("Access-Control-Allow-Methods: ").append(request.requested_method).append("\r\n");
  }
}

}  // namespace shoal::http
