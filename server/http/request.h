// One HTTP request, read and in memory. Views into its reader, until that reader's next().
#pragma once

#include <span>
#include <string_view>

#include "protocol/sigv4/sigv4.h"

namespace shoal::http {

// More than so many bytes of body, before or after decompression, are answered 413.
inline constexpr std::size_t kBodyBytesMax = 16 * 1024 * 1024;

struct Request {
  std::string_view method;
  std::string_view target;  // As received: "/?X-Amz-Algorithm=..."
  std::span<const sigv4::Header> headers;
  std::string_view body;  // As sent; json::Parser::kPadding readable bytes follow.
  bool http_1_0 = false;
  bool keep_alive = true;

  // Those headers that Shoal itself looks at; empty when absent.
  std::string_view api_target;  // X-Amz-Target
  std::string_view content_type;
  std::string_view content_encoding;
  std::string_view origin;
  std::string_view requested_headers;  // Access-Control-Request-Headers
  std::string_view requested_method;   // Access-Control-Request-Method
};

}  // namespace shoal::http
