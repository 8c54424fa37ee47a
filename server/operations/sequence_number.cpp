#include "server/operations/sequence_number.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace shoal {
namespace {

constexpr std::size_t kDigits = 20;  // After a leading 1.
constexpr auto kGreatest = std::numeric_limits<Sequence>::max();

}  // namespace

std::string sequence_text(Sequence sequence) {
  std::string text;
  append_sequence(text, sequence);
  return text;
}

void append_sequence(std::string& out, Sequence sequence) {
  char text[1 + kDigits];
  text[0] = '1';
  for (std::size_t i = kDigits; i > 0; --i, sequence /= 10) text[i] = static_cast<char>('0' + sequence % 10);
  out.append(text, sizeof text);
}

std::optional<Sequence> read_sequence(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.size() <= kDigits) return 0;
  if (text.size() > kDigits + 1 || text.front() != '1') return kGreatest;
  Sequence sequence = 0;
  const auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), sequence);
  return failure == std::errc() ? sequence : kGreatest;
}

}  // namespace shoal
