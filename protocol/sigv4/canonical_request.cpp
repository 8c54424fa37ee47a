#include "protocol/sigv4/canonical_request.h"

#include <algorithm>

#include "protocol/sigv4/headers.h"
#include "protocol/sigv4/query.h"
#include "protocol/sigv4/signing_key.h"

namespace shoal::sigv4 {
namespace {

constexpr std::size_t kSignedHeadersMax = 512;

// Dot segments and doubled slashes go, and what is left is encoded once more than it came: "/a b" arrives as "/a%20b"
// and is signed as "/a%2520b" (by all services but S3).
void append_path(std::string& out, std::string_view path) {
  if (path == "/") {
    out += '/';
    return;
  }
  std::vector<std::string_view> segments;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto segment = path.substr(at, end - at);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    at = end + 1;
  }
  for (const auto segment : segments) {
    out += '/';
    append_uri_encoded(out, segment);
  }
  if (segments.empty() || path.ends_with('/')) out += '/';
}

void append_query(std::string& out, std::string_view query, bool presigned) {
  if (query.empty()) return;
  std::vector<QueryParameter> parameters;  // encoded
  for (const auto& [name, value] : parse_query(query)) {
    if (presigned && name == "X-Amz-Signature") continue;
    auto& encoded = parameters.emplace_back();
    append_uri_encoded(encoded.name, name);
    append_uri_encoded(encoded.value, value);
  }
  std::sort(parameters.begin(), parameters.end(), [](const QueryParameter& a, const QueryParameter& b) {
    return a.name != b.name ? a.name < b.name : a.value < b.value;
  });
  bool first = true;
  for (const auto& [name, value] : parameters) {
    if (!first) out += '&';
    first = false;
    out.append(name).append("=").append(value);
  }
}

// Without the blanks around it, and with one for each run of them inside.
void append_value(std::string& out, std::string_view value) {
  value = trimmed(value);
  if (value.find("  ") == std::string_view::npos &&
      std::none_of(value.begin(), value.end(), [](char c) { return c != ' ' && blank(c); })) {
    out += value;
    return;
  }
  bool after_blank = false;
  for (const char c : value) {
    const bool is_blank = blank(c);
    if (!is_blank) out += c;
    if (is_blank && !after_blank) out += ' ';
    after_blank = is_blank;
  }
}

// One line for a signed header, its values joined by commas. One that did not arrive counts as empty.
void append_header(std::string& out, std::string_view signed_name, std::span<const Header> headers) {
  out.append(signed_name).append(":");
  bool first = true;
  for (const auto& [name, value] : headers) {
    if (!names(name, signed_name)) continue;
    if (!first) out += ',';
    first = false;
    append_value(out, value);
  }
  out += '\n';
}

std::size_t size_of(std::span<const Header> headers) {
  std::size_t total = 0;
  for (const auto& [name, value] : headers) total += name.size() + value.size() + 2;
  return total;
}

}  // namespace

bool append_canonical_request(std::string& out, const Request& request, const Claim& claim,
                              std::string_view payload_hash) {
  if (claim.signed_headers.size() > kSignedHeadersMax) return false;
  const auto headers_bytes = size_of(request.headers);
  std::size_t list_bytes = 0;
  for (const auto& name : claim.signed_headers) list_bytes += name.size() + 2;
  out.reserve(out.size() + request.method.size() + 3 * request.target.size() + headers_bytes + 2 * list_bytes + 128);

  const auto [path, query] = split_target(request.target);
  out.append(request.method).append("\n");
  append_path(out, path);
  out += '\n';
  append_query(out, query, claim.presigned);
  out += '\n';

  const auto headers_begin = out.size();
  for (const auto& name : claim.signed_headers) {
    append_header(out, name, request.headers);
    if (out.size() - headers_begin > headers_bytes + list_bytes) return false;
  }
  out += '\n';
  for (std::size_t i = 0; i < claim.signed_headers.size(); ++i) {
    if (i > 0) out += ';';
    out += claim.signed_headers[i];
  }
  out.append("\n").append(payload_hash);
  return true;
}

void append_scope(std::string& out, const Scope& scope) {
  out.append(scope.date).append("/").append(scope.region).append("/").append(scope.service).append("/");
  out.append(kTerminator);
}

void append_string_to_sign(std::string& out, std::string_view timestamp, const Scope& scope,
                           std::string_view request_hash) {
  out.append(kAlgorithm).append("\n").append(timestamp).append("\n");
  append_scope(out, scope);
  out.append("\n").append(request_hash);
}

}  // namespace shoal::sigv4
