#include "server/operations/request_token.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <string>
#include <vector>

namespace shoal {
namespace {

void append_text(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void append_parameters(std::string& out, json::Json value);

// In order of their names, since clients print maps in any; a null member is one that is not given.
void append_members(std::string& out, json::Json object) {
  std::vector<json::Member> members;
  for (const auto member : object) {
    if (member.value.kind() != json::Kind::null) members.push_back(member);
  }
  std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const auto& [name, value] : members) {
    append_text(out, name);
    append_parameters(out, value);
  }
}

// A text that differs for parameters that differ: every piece says its kind and length.
void append_parameters(std::string& out, json::Json value) {
  switch (value.kind()) {
    case json::Kind::absent:
    case json::Kind::null:
      out += 'n';
      return;
    case json::Kind::boolean:
      out += value.boolean() ? 't' : 'f';
      return;
    case json::Kind::integer:
    case json::Kind::decimal:
      out += 'd';
      append_text(out, std::to_string(value.decimal()));
      return;
    case json::Kind::string:
      out += 's';
      append_text(out, value.string());
      return;
    case json::Kind::list:
      out += '[';
      for (const auto [_, element] : value) append_parameters(out, element);
      out += ']';
      return;
    case json::Kind::object:
      out += '{';
      append_members(out, value);
      out += '}';
      return;
  }
}

}  // namespace

std::string fingerprint_of(std::initializer_list<json::Json> parameters) {
  std::string text;
  for (const auto& parameter : parameters) append_parameters(text, parameter);
  const auto hash = XXH3_128bits(text.data(), text.size());
  return std::string(reinterpret_cast<const char*>(&hash), sizeof hash);
}

std::optional<Token> read_token(const Call& call, json::Json parameters) {
  const auto token = call.input.find("ClientRequestToken");
  if (!token) return std::nullopt;
  return Token{call.account, call.region, std::string(token.string()), fingerprint_of({parameters})};
}

}  // namespace shoal
