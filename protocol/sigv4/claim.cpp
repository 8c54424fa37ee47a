// What a request claims about its signature, read and checked in the order in which production answers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "protocol/error.h"
#include "protocol/sigv4/headers.h"
#include "protocol/sigv4/query.h"
#include "protocol/sigv4/signing_key.h"
#include "protocol/sigv4/sigv4.h"
#include "protocol/sigv4/timestamp.h"

namespace shoal::sigv4 {
namespace {

using namespace std::chrono;

constexpr seconds kClockTolerance = 15min;
constexpr seconds kExpiresMax = days{7};
constexpr std::size_t kRegionBytesMin = 2;  // "c" is the example of one that is not valid
constexpr std::size_t kRegionBytesMax = 64;

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out += part;
  return out;
}

Error incomplete(std::initializer_list<std::string_view> parts) {
  return Error(errors::incomplete_signature, joined(parts));
}

Error invalid(std::initializer_list<std::string_view> parts) { return Error(errors::invalid_signature, joined(parts)); }

// The headers that matter here. Of one that comes twice, the first; nothing is not the same as empty.
struct Fields {
  std::optional<std::string_view> authorization;
  std::string_view amz_date, date, security_token;
};

Fields find_fields(std::span<const Header> headers) {
  Fields fields;
  const auto take = [](std::string_view& field, std::string_view value) {
    if (field.empty()) field = trimmed(value);
  };
  for (const auto& [name, value] : headers) {
    switch (name.size()) {
      case 4:
        if (names(name, "date")) take(fields.date, value);
        break;
      case 10:
        if (names(name, "x-amz-date")) take(fields.amz_date, value);
        break;
      case 13:
        if (!fields.authorization && names(name, "authorization")) fields.authorization = value;
        break;
      case 20:
        if (names(name, "x-amz-security-token")) take(fields.security_token, value);
        break;
    }
  }
  return fields;
}

// What either form presents, complete but not yet checked.
struct Presented {
  std::string_view algorithm, credential, signature, signed_headers, security_token;
  std::string_view date;           // X-Amz-Date
  std::string_view date_header{};  // Date: only where there is no X-Amz-Date
  std::optional<std::string_view> expires{};
};

// A parameter of the Authorization header.
struct Parameter {
  std::string_view name;
  std::string_view value{};
  bool named = false;  // but maybe without '=' and value
  bool lacking() const { return value.empty() && !named; }
};

// "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...", split at commas and blanks. Any order.
struct Authorization {
  std::string_view algorithm;
  Parameter credential{"Credential"};
  Parameter signature{"Signature"};
  Parameter signed_headers{"SignedHeaders"};
  std::string_view not_a_pair;  // The first word that has no '='.
};

constexpr bool separates(char c) { return c == ',' || c == ' ' || c == '\t'; }

// The next word, which it takes off `text`; empty at the end. (find_first_of looks each character up by a call.)
std::string_view take_word(std::string_view& text) {
  std::size_t begin = 0;
  while (begin < text.size() && separates(text[begin])) ++begin;
  std::size_t end = begin;
  while (end < text.size() && !separates(text[end])) ++end;
  const auto word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

Authorization parse_authorization(std::string_view header) {
  Authorization parts;
  parts.algorithm = take_word(header);
  for (auto word = take_word(header); !word.empty(); word = take_word(header)) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos && parts.not_a_pair.empty()) parts.not_a_pair = word;
    for (auto* parameter : {&parts.credential, &parts.signature, &parts.signed_headers}) {
      if (word.substr(0, equals) != parameter->name) continue;
      if (equals == std::string_view::npos) {
        parameter->named = true;
      } else {
        parameter->value = word.substr(equals + 1);
      }
    }
  }
  return parts;
}

Presented read_header_form(const Fields& fields) {
  const auto header = fields.authorization.value_or("");
  if (!trimmed(header).starts_with("AWS4-")) {
    throw Error(errors::missing_authentication_token, "Request is missing Authentication Token");
  }
  const auto parts = parse_authorization(trimmed(header));

  std::string lacking;
  for (const auto* parameter : {&parts.credential, &parts.signature, &parts.signed_headers}) {
    if (!parameter->lacking()) continue;
    lacking += joined({"Authorization header requires '", parameter->name, "' parameter. "});
  }
  if (fields.amz_date.empty() && fields.date.empty()) {
    lacking += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!lacking.empty()) throw incomplete({lacking, "Authorization=", header});
  if (!parts.not_a_pair.empty()) {
    throw incomplete({"'", parts.not_a_pair,
                      "' not a valid key=value pair (missing equal-sign) in Authorization header: '", header, "'."});
  }
  return {parts.algorithm,
          parts.credential.value,
          parts.signature.value,
          parts.signed_headers.value,
          fields.security_token,
          fields.amz_date,
          fields.date};
}

const std::string* find(const std::vector<QueryParameter>& query, std::string_view name) {
  const auto found =
      std::find_if(query.begin(), query.end(), [&](const auto& parameter) { return parameter.name == name; });
  return found == query.end() ? nullptr : &found->value;
}

Presented read_query_form(const std::vector<QueryParameter>& query) {
  std::string lacking;
  const auto required = [&](std::string_view name) -> std::string_view {
    const auto* value = find(query, name);
    if (value != nullptr && !value->empty()) return *value;
    lacking += joined({"AWS query-string parameters must include '", name, "'. "});
    return {};
  };
  Presented presented;
  presented.algorithm = required("X-Amz-Algorithm");
  presented.credential = required("X-Amz-Credential");
  presented.signature = required("X-Amz-Signature");
  presented.signed_headers = required("X-Amz-SignedHeaders");
  presented.date = required("X-Amz-Date");
  if (!lacking.empty()) throw incomplete({lacking, "Re-examine the query-string parameters."});
  if (const auto* token = find(query, "X-Amz-Security-Token")) presented.security_token = *token;
  if (const auto* expires = find(query, "X-Amz-Expires")) presented.expires = *expires;
  return presented;
}

sys_seconds signing_time(const Presented& presented) {
  const auto& text = presented.date.empty() ? presented.date_header : presented.date;
  auto time = parse_basic_time(text);
  if (!time && presented.date.empty()) time = parse_http_date(text);
  if (time) return *time;
  throw incomplete(
      {"Date must be in ISO-8601 'basic format'. Got '", text, "'. See http://en.wikipedia.org/wiki/ISO_8601"});
}

// How long after its date the signature is good.
seconds validity(const Presented& presented) {
  if (!presented.expires) return kClockTolerance;
  const auto text = *presented.expires;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
    throw incomplete({"X-Amz-Expires should be a number"});
  }
  if (text.front() == '-') throw incomplete({"X-Amz-Expires must be non-negative"});
  if (error == std::errc::result_out_of_range || value > kExpiresMax.count()) {
    throw incomplete(
        {"X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be "
         "less than 604800 seconds"});
  }
  return seconds{value};
}

std::string duration_text(seconds duration) {
  const bool whole = duration.count() % 60 == 0;
  return std::to_string(whole ? duration.count() / 60 : duration.count()) + (whole ? " min.)" : " sec.)");
}

void check_clock(sys_seconds signed_at, seconds valid_for, system_clock::time_point exact_now) {
  const auto now = floor<seconds>(exact_now);
  if (signed_at < now - valid_for) {
    throw invalid({"Signature expired: ", basic_time(signed_at), " is now earlier than ", basic_time(now - valid_for),
                   " (", basic_time(now), " - ", duration_text(valid_for)});
  }
  if (signed_at > now + kClockTolerance) {
    throw invalid({"Signature not yet current: ", basic_time(signed_at), " is still later than ",
                   basic_time(now + kClockTolerance), " (", basic_time(now), " + ", duration_text(kClockTolerance)});
  }
}

std::vector<std::string> split_signed_headers(std::string_view list) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(std::count(list.begin(), list.end(), ';')) + 1);
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(';', at), list.size());
    auto& name = names.emplace_back(list.substr(at, end - at));
    for (char& c : name) c = lower(c);
    at = end + 1;
  }
  return names;
}

struct Scope {
  std::string_view access_key, date, region, service, terminator;
};

Scope parse_credential(std::string_view credential) {
  auto rest = credential;
  while (rest.ends_with('/')) rest.remove_suffix(1);
  std::array<std::string_view, 5> elements;
  std::size_t count = 0;
  for (std::size_t at = 0; at <= rest.size() && count <= elements.size(); ++count) {
    const auto end = std::min(rest.find('/', at), rest.size());
    if (count < elements.size()) elements[count] = rest.substr(at, end - at);
    at = end + 1;
  }
  if (count != elements.size()) {
    throw incomplete(
        {"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
         "got '",
         credential, "'"});
  }
  return {elements[0], elements[1], elements[2], elements[3], elements[4]};
}

// Any region that could be one: "us-east-1", "local", "ddblocal".
bool plausible_region(std::string_view region) {
  if (region.size() < kRegionBytesMin || region.size() > kRegionBytesMax) return false;
  return std::all_of(region.begin(), region.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

void check_scope(const Scope& scope, std::string_view service, std::string_view timestamp) {
  std::string wrong;
  if (!plausible_region(scope.region)) {
    wrong += joined({"Credential should be scoped to a valid region, not '", scope.region, "'. "});
  }
  if (scope.service != service) {
    wrong += joined({"Credential should be scoped to correct service: '", service, "'. "});
  }
  if (scope.terminator != kTerminator) {
    wrong +=
        joined({"Credential should be scoped with a valid terminator: 'aws4_request', not '", scope.terminator, "'. "});
  }
  const auto day = timestamp.substr(0, 8);
  if (scope.date != day) {
    wrong += joined({"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '",
                     scope.date, "' != '", day, "', from '", timestamp, "'."});
  }
  if (!wrong.empty()) throw invalid({wrong});
}

}  // namespace

Claim read_claim(const Request& request, system_clock::time_point now) {
  const auto fields = find_fields(request.headers);
  const auto query = parse_query(split_target(request.target).query);
  const bool presigned = find(query, "X-Amz-Algorithm") != nullptr;
  if (presigned && fields.authorization) {
    throw invalid({"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."});
  }
  const auto presented = presigned ? read_query_form(query) : read_header_form(fields);

  const auto signed_at = signing_time(presented);
  check_clock(signed_at, validity(presented), now);

  Claim claim;
  claim.presigned = presigned;
  claim.signed_headers = split_signed_headers(presented.signed_headers);
  if (std::find(claim.signed_headers.begin(), claim.signed_headers.end(), "host") == claim.signed_headers.end()) {
    throw invalid({"'Host' must be a 'SignedHeader' in the AWS Authorization."});
  }
  if (presented.algorithm != kAlgorithm) {
    throw incomplete({"Unsupported AWS 'algorithm': '", presented.algorithm, "' (only AWS4-HMAC-SHA256 for now). "});
  }
  const auto scope = parse_credential(presented.credential);
  claim.timestamp = presented.date.empty() ? basic_time(signed_at) : std::string(presented.date);
  check_scope(scope, request.service, claim.timestamp);

  claim.access_key = scope.access_key;
  claim.date = scope.date;
  claim.region = scope.region;
  claim.signature = presented.signature;
  claim.session_token = presented.security_token;
  return claim;
}

}  // namespace shoal::sigv4
