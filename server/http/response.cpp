#include "server/http/response.h"

#include <libdeflate.h>

#include <charconv>
#include <ctime>

#include "protocol/json/writer.h"

namespace shoal::http {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Request Entity Too Large";
    case 415:
      return "Unsupported Media Type";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

void append_number(std::string& out, std::size_t number) {
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}

// "Server: Server" and today's Date, written anew once a second and thread.
std::string_view server_and_date() {
  thread_local std::time_t written_at = -1;
  thread_local char text[80];
  thread_local std::size_t size = 0;
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != written_at) {
    written_at = now.tv_sec;
    std::tm utc{};
    gmtime_r(&now.tv_sec, &utc);
    size = std::strftime(text, sizeof text, "Server: Server\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
  }
  return {text, size};
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason_phrase(status)).append("\r\n");
}

// What stands in a header must not end it.
void append_header_value(std::string& out, std::string_view value) {
  for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
}

}  // namespace

void append_response(std::string& out, const Request& request, const RequestId& id, const Response& response) {
  append_status_line(out, response.status);
  out.append(server_and_date());
  out.append("Content-Type: ").append(response.content_type);
  out.append("\r\nContent-Length: ");
  append_number(out, response.body.size());
  out.append("\r\nx-amzn-RequestId: ").append(id.text());
  out.append("\r\nx-amz-crc32: ");
  append_number(out, libdeflate_crc32(0, response.body.data(), response.body.size()));
  out.append("\r\n");
  if (!response.error_type.empty()) out.append("x-amzn-ErrorType: ").append(response.error_type).append("\r\n");
  if (!response.hint.empty()) {
    out.append("x-shoal-hint: ");
    append_header_value(out, response.hint);
    out.append("\r\n");
  }
  out.append(response.cors_headers);
  if (!request.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (request.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (!response.without_body) out.append(response.body);
}

void append_continue(std::string& out) { out += "HTTP/1.1 100 Continue\r\n\r\n"; }

void append_too_large(std::string& out, bool keep_alive) {
  append_status_line(out, 413);
  out.append(server_and_date());
  if (!keep_alive) out.append("Connection: close\r\n");
  out.append("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

void append_refusal(std::string& out, int status, std::string_view reason) {
  append_status_line(out, status);
  out.append(server_and_date());
  out.append("Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ");
  append_number(out, reason.size() + 1);
  out.append("\r\n\r\n").append(reason).append("\n");
}

std::string error_body(const Error& error, Wording wording) {
  std::string body = "{\"__type\":\"";
  body.append(error.type().name_space).append("#").append(error.type().name).append("\"");
  if (error.has_message()) {
    body += error.type().capital_message ? ",\"Message\":" : ",\"message\":";
    const bool wrapped = error.from_request_layer() && wording == Wording::wrapped;
    json::append_string(body, wrapped ? "1 validation error detected: " + error.message() : error.message());
  }
  body.append(error.members()).append("}");
  return body;
}

}  // namespace shoal::http
