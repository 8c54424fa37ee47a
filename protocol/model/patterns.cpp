#include "protocol/model/patterns.h"

#include <algorithm>
#include <array>

namespace shoal::model {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Of the names of tables, indexes and backups; also what may stand inside the name of a bucket.
constexpr auto kNameCharacters = [] {
  std::array<bool, 256> allowed{};
  for (int c = 0; c < 128; ++c) {
    allowed[c] = is_alphanumeric(static_cast<char>(c)) || c == '_' || c == '.' || c == '-';
  }
  return allowed;
}();

bool is_name_character(char c) { return kNameCharacters[static_cast<unsigned char>(c)]; }

template <class Predicate>
bool all_are(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

}  // namespace

bool is_resource_name(std::string_view text) { return !text.empty() && all_are(text, is_name_character); }

bool is_without_dollar(std::string_view text) { return !text.empty() && text.find('$') == text.npos; }

bool is_bucket_name(std::string_view text) {
  return text.size() >= 2 && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         all_are(text, is_name_character);
}

bool is_account(std::string_view text) { return text.size() == 12 && all_are(text, is_digit); }

bool is_printable(std::string_view text) {
  return !text.empty() && all_are(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_xml_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= 0 && c < ' ' && c != '\r' && c != '\n' && c != '\t') return false;
    // U+FFFE and U+FFFF, the only ones that UTF-8 can hold and the pattern leaves out.
    if (text.substr(i, 2) == "\xEF\xBF" && (text.substr(i + 2, 1) == "\xBE" || text.substr(i + 2, 1) == "\xBF")) {
      return false;
    }
  }
  return true;
}

bool is_csv_delimiter(std::string_view text) { return text.size() == 1 && text.find_first_of(",;:|\t ") == 0; }

bool is_csv_header(std::string_view text) {
  return all_are(text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != ','; });
}

bool is_hex_token(std::string_view text) {
  return !text.empty() && text.size() % 16 == 0 &&
         all_are(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace shoal::model
