// The text of answers. Everything that Shoal sends over HTTP is put together here.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/wording.h"
#include "server/http/request.h"
#include "server/http/request_id.h"

namespace shoal::http {

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string_view body;
  std::string_view error_type;    // x-amzn-ErrorType; empty: none
  std::string_view hint;          // x-shoal-hint; empty: none
  std::string_view cors_headers;  // Whole lines; empty: none
  bool without_body = false;      // To HEAD: the headers alone.
};

// Status line, headers (production's: Server, Date, request id, the body's CRC-32) and body.
void append_response(std::string& out, const Request& request, const RequestId& id, const Response& response);

// Answers that production gives without the above, before it has looked at the request.
void append_continue(std::string& out);
void append_too_large(std::string& out, bool keep_alive);
// Of connections that are closed next: 400, 408, 503. `reason` is for a human reader.
void append_refusal(std::string& out, int status, std::string_view reason);

// The one place where errors become text: {"__type":"com.amazon.coral.validate#ValidationException","message":"..."}
std::string error_body(const Error& error, Wording wording);

}  // namespace shoal::http
