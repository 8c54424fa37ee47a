#include "protocol/json/base64.h"

#include <array>
#include <cstdint>

namespace shoal::json {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNone = 0xff;
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) values[static_cast<unsigned char>(kAlphabet[i])] = i;
  return values;
}();

std::uint8_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t word = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    out[at++] = kAlphabet[word >> 18];
    out[at++] = kAlphabet[word >> 12 & 63];
    out[at++] = kAlphabet[word >> 6 & 63];
    out[at++] = kAlphabet[word & 63];
  }
  if (i == bytes.size()) return;
  const bool two = i + 2 == bytes.size();
  const std::uint32_t word = byte_at(bytes, i) << 16 | (two ? byte_at(bytes, i + 1) << 8 : 0);
  out[at++] = kAlphabet[word >> 18];
  out[at++] = kAlphabet[word >> 12 & 63];
  out[at++] = two ? kAlphabet[word >> 6 & 63] : '=';
  out[at++] = '=';
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::size_t digits = text.size() - padding;

  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const auto value = kValues[static_cast<unsigned char>(text[i])];
    if (value == kNone) return std::nullopt;
    word = word << 6 | value;
    if (i % 4 == 3) {
      bytes.push_back(static_cast<char>(word >> 16));
      bytes.push_back(static_cast<char>(word >> 8));
      bytes.push_back(static_cast<char>(word));
      word = 0;
    }
  }
  if (padding == 1) {
    bytes.push_back(static_cast<char>(word >> 10));
    bytes.push_back(static_cast<char>(word >> 2));
  } else if (padding == 2) {
    bytes.push_back(static_cast<char>(word >> 4));
  }
  return bytes;
}

}  // namespace shoal::json
