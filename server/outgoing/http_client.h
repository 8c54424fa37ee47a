// Calls somewhere over HTTP: a Kinesis endpoint, a Lambda runtime, wherever records go.
//
//   HttpClient client(*parse_http_url("http://localhost:4567"));
//   const HttpReply reply = client.post("/", {{"Content-Type", "application/json"}}, "{}", std::chrono::seconds(5));
//   if (reply.status == 200) use(reply.body);
//
// Blocks its thread until the whole answer is there, the time is over, or cancel() is called; the last two, and every
// failure of the network, throw HttpError. What the other side answers never throws, whatever its status.
//
// The connection is kept for the next call. One that the other side has closed meanwhile is replaced without a word,
// so a request whose answer got lost may arrive twice. For one thread at a time, but for cancel().
//
// https verifies the certificate against the system's (or SSL_CERT_FILE's) authorities.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/outgoing/http_url.h"

namespace shoal {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpReply {
  int status = 0;
  HttpHeaders headers;
  std::string body;
  std::optional<std::string_view> header(std::string_view name) const;  // In any case.
};

// In words for the log: "http://localhost:4567: Connection refused".
class HttpError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class HttpClient {
 public:
  static constexpr std::size_t kReplyBytesMax = 16 << 20;

  explicit HttpClient(HttpUrl url);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `target` is the path and query, which replace the URL's own. Host and Content-Length are added to the headers.
  HttpReply post(std::string_view target, const HttpHeaders& headers, std::string_view body,
                 std::chrono::milliseconds timeout);
  HttpReply get(std::string_view target, const HttpHeaders& headers, std::chrono::milliseconds timeout);

  // From any thread: ends the call that is waiting, and every later one at once.
  void cancel();

  const HttpUrl& url() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal
