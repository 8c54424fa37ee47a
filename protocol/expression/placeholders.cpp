#include "protocol/expression/placeholders.h"

#include <algorithm>

#include "protocol/error.h"
#include "protocol/expression/lexer.h"
#include "protocol/json/item_reader.h"
#include "protocol/value/item_size.h"

namespace shoal {
namespace {

constexpr std::string_view kNames = "ExpressionAttributeNames";
constexpr std::string_view kValues = "ExpressionAttributeValues";
constexpr std::size_t kPlaceholderBytesMax = 256;  // With its sigil.
constexpr std::size_t kBytesMax = 2 << 20;         // Of all names and values of a request.

[[noreturn]] void refuse(std::string_view map, std::string_view why) {
  std::string message(map);
  message += why;
  throw request_error(std::move(message));
}

void check_key(std::string_view map, char sigil, std::string_view key) {
  const bool well_formed =
      key.size() > 1 && key[0] == sigil && std::all_of(key.begin() + 1, key.end(), is_word_character);
  if (!well_formed) refuse(map, " contains invalid key: Syntax error; key: \"" + std::string(key) + "\"");
  if (key.size() <= kPlaceholderBytesMax) return;
  std::string why = " contains invalid key: The expression attribute map contains a key that is too long;";
  if (map == kNames) why += " size of key: " + std::to_string(key.size());
  refuse(map, why);
}

void check_keys(std::string_view map, char sigil, json::Json members) {
  if (members.size() == 0) refuse(map, " must not be empty");
  for (const auto [key, _] : members) check_key(map, sigil, key);
}

std::string read_name(std::string_view key, json::Json name) {
  const auto text = name.kind() == json::Kind::string ? name.string() : std::string_view();
  if (text.empty()) refuse(kNames, " contains invalid value: Empty attribute name for key " + std::string(key));
  return std::string(text);
}

Value read_value(std::string_view key, json::Json value, Wording wording) {
  try {
    return json::read_value(value, wording);
  } catch (const Error& error) {
    if (wording != Wording::older || !error.from_request_layer()) throw;
    refuse(kValues, " contains invalid value: " + error.message() + " for key " + std::string(key));
  }
}

// Ascending by placeholder; of two with one name the later stays.
template <class Entry>
void sort(std::vector<Entry>& entries) {
  if (entries.size() < 2) return;
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.placeholder < b.placeholder; });
  const auto same = [](const Entry& a, const Entry& b) { return a.placeholder == b.placeholder; };
  entries.erase(entries.begin(), std::unique(entries.rbegin(), entries.rend(), same).base());
}

template <class Entry>
Entry* find(std::vector<Entry>& entries, std::string_view placeholder) {
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), placeholder,
                       [](const Entry& entry, std::string_view wanted) { return entry.placeholder < wanted; });
  if (found == entries.end() || found->placeholder != placeholder) return nullptr;
  found->used = true;
  return &*found;
}

template <class Entry>
void check_used(std::string_view map, const std::vector<Entry>& entries) {
  std::string unused;
  for (const auto& entry : entries) {
    if (entry.used) continue;
    if (!unused.empty()) unused += ", ";
    unused += entry.placeholder;
  }
  if (unused.empty()) return;
  throw request_error("Value provided in " + std::string(map) + " unused in expressions: keys: {" + unused + "}");
}

}  // namespace

void Placeholders::check_size() const {
  std::size_t bytes = 0;
  for (const auto& entry : values_) bytes += entry.placeholder.size() + entry.meaning.bytes().size();
  for (const auto& entry : names_) bytes += entry.placeholder.size() + entry.meaning.size();
  if (bytes <= kBytesMax / 2) return;  // As they are kept they take more than half of the size that counts.
  bytes = 0;
  for (const auto& entry : names_) bytes += entry.placeholder.size() + entry.meaning.size();
  for (const auto& entry : values_) bytes += entry.placeholder.size() + value_size(entry.meaning.view());
  if (bytes <= kBytesMax) return;
  throw request_error(
      "ExpressionAttributeNames and ExpressionAttributeValues have exceeded the maximum allowed size of 2 MB; size: " +
      std::to_string(bytes));
}

Placeholders::Placeholders(json::Json names, json::Json values, Wording wording) : wording_(wording) {
  if (names) {
    check_keys(kNames, '#', names);
    names_.reserve(names.size());
    for (const auto [key, name] : names) names_.push_back({std::string(key), read_name(key, name)});
    sort(names_);
  }
  if (values) {
    check_keys(kValues, ':', values);
    values_.reserve(values.size());
    for (const auto [key, value] : values) values_.push_back({std::string(key), read_value(key, value, wording)});
    sort(values_);
  }
  check_size();
}

const std::string* Placeholders::name(std::string_view placeholder) {
  const auto* entry = find(names_, placeholder);
  return entry ? &entry->meaning : nullptr;
}

const Value* Placeholders::value(std::string_view placeholder) {
  const auto* entry = find(values_, placeholder);
  return entry ? &entry->meaning : nullptr;
}

void Placeholders::check_all_used() const {
  check_used(kNames, names_);
  check_used(kValues, values_);
}

}  // namespace shoal
