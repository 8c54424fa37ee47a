// Any request, however signed: reading its claim and checking it either succeeds or throws Error.
// The first line is the target, each next one a header ("Name: value"), and what follows an empty line the body.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/sigv4/sigv4.h"

namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static shoal::sigv4::SigningKeys keys;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto target = take_line(text);
  std::vector<shoal::sigv4::Header> headers;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) break;
    const auto colon = line.find(':');
    headers.emplace_back(line.substr(0, colon), colon == std::string_view::npos ? "" : line.substr(colon + 1));
  }
  const shoal::sigv4::Request request{"POST", target, headers, text};
  // Noon of a day that the corpus's requests are dated to.
  const std::chrono::system_clock::time_point now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} +
                                                  std::chrono::hours{12}};
  try {
    verify(request, read_claim(request, now), "secret", keys);
  } catch (const shoal::Error&) {
  }
  return 0;
}
