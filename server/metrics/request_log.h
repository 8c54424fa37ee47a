// Requests in a log: each of them in the access log, those that took long in the server's own.
//
//   RequestLog log({.access_file = "-", .json = true, .slow = std::chrono::milliseconds(100)});
//   if (log.wants(took)) log.add(record);
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "server/metrics/journal.h"

namespace shoal {

struct RequestLogOptions {
  std::string access_file;                       // "-": standard output; empty: none.
  bool json = false;                             // A line is a JSON object.
  std::optional<std::chrono::nanoseconds> slow;  // From which time on a request is slow; nothing: none is.
};

class RequestLog {
 public:
  // Throws std::runtime_error with a message for the user when the file cannot be written.
  explicit RequestLog(const RequestLogOptions& options);
  ~RequestLog();

  bool wants(std::chrono::nanoseconds took) const;
  void add(const RequestRecord& record);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One line of the access log, without its end.
std::string access_line(const RequestRecord& record, bool json);

}  // namespace shoal
