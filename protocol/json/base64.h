// Standard base64 with padding, as DynamoDB's binaries travel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal::json {

void append_base64(std::string& out, std::string_view bytes);
// Nothing when it is malformed: not a multiple of four characters, one outside the alphabet, misplaced padding.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace shoal::json
