// Request bodies sent with Content-Encoding gzip or deflate.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shoal::http {

enum class Inflated { done, malformed, too_large };

// Replaces `out` by what was compressed (gzip, also of several members; zlib; or bare deflate, which some clients send
// as "deflate"), with json::Parser::kPadding bytes of room behind it. Never grows `out` far beyond `bytes_max`.
Inflated inflate(std::string_view compressed, std::size_t bytes_max, std::string& out);

}  // namespace shoal::http
