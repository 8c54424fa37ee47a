#include "protocol/json/writer.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "protocol/json/base64.h"

namespace shoal::json {
namespace {

// Whether one of eight bytes must be escaped: a control character, a quote or a backslash.
bool needs_escape(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kHighs; };
  const auto control = (word - kOnes * 0x20) & ~word & kHighs;
  return (control | has_zero(word ^ kOnes * '"') | has_zero(word ^ kOnes * '\\')) != 0;
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

std::size_t plain_length(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, sizeof word);
    if (needs_escape(word)) break;
  }
  while (i < text.size() && !needs_escape(text[i])) ++i;
  return i;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += c;
      return;
    case '\b':
      out += 'b';
      return;
    case '\f':
      out += 'f';
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
    default:
      out += "u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[c & 15];
  }
}

template <class Members, class Append>
void append_list(std::string& out, const Members& members, Append append) {
  out += '[';
  bool first = true;
  for (const auto member : members) {
    if (!first) out += ',';
    first = false;
    append(member);
  }
  out += ']';
}

void append_binary(std::string& out, std::string_view bytes) {
  out += '"';
  append_base64(out, bytes);
  out += '"';
}

void append_number(std::string& out, std::string_view canonical) {
  out += '"';
  out += canonical;
  out += '"';
}

// Without the quotes around it: most are written together with what stands beside them.
void append_text(std::string& out, std::string_view text) {
  while (true) {
    const auto length = plain_length(text);
    out.append(text.data(), length);
    if (length == text.size()) return;
    append_escape(out, text[length]);
    text.remove_prefix(length + 1);
  }
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_text(out, text);
  out += '"';
}

void append_value(std::string& out, ValueView value) {
  switch (value.type()) {
    case Type::string:
      out += "{\"S\":\"";
      append_text(out, value.text());
      out += "\"}";
      return;
    case Type::number:
      out += "{\"N\":\"";
      out += value.text();
      out += "\"}";
      return;
    case Type::binary:
      out += "{\"B\":";
      append_binary(out, value.text());
      break;
    case Type::boolean:
      out += value.boolean() ? "{\"BOOL\":true" : "{\"BOOL\":false";
      break;
    case Type::null:
      out += "{\"NULL\":true";
      break;
    case Type::string_set:
      out += "{\"SS\":";
      append_list(out, value.texts(), [&](std::string_view member) { append_string(out, member); });
      break;
    case Type::number_set:
      out += "{\"NS\":";
      append_list(out, value.texts(), [&](std::string_view member) { append_number(out, member); });
      break;
    case Type::binary_set:
      out += "{\"BS\":";
      append_list(out, value.texts(), [&](std::string_view member) { append_binary(out, member); });
      break;
    case Type::list:
      out += "{\"L\":";
      append_list(out, value.elements(), [&](ValueView element) { append_value(out, element); });
      break;
    case Type::map:
      out += "{\"M\":";
      append_item(out, value);
      break;
  }
  out += '}';
}

void append_item(std::string& out, ItemView item) {
  std::string_view before = "{\"";
  for (const auto [name, value] : item.fields()) {
    out += before;
    before = ",\"";
    append_text(out, name);
    out += "\":";
    append_value(out, value);
  }
  if (before.front() == '{') out += '{';
  out += '}';
}

void append_decimal(std::string& out, double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

std::string& ObjectWriter::key(std::string_view name) {
  out_ += first_ ? "\"" : ",\"";
  first_ = false;
  out_ += name;
  out_ += "\":";
  return out_;
}

void ObjectWriter::text(std::string_view name, std::string_view value) { append_string(key(name), value); }

void ObjectWriter::boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }

void ObjectWriter::integer(std::string_view name, long long value) { key(name) += std::to_string(value); }

}  // namespace shoal::json
