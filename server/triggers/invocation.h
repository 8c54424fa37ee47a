// A call of a function, and what came of it.
#pragma once

#include <string>

namespace shoal {

struct Invocation {
  std::string account, region;
  std::string function;  // "name" or "name:qualifier"
  std::string payload;   // The event, JSON.
};

struct InvocationResult {
  enum class Kind {
    success,
    failure,      // The function ran, or was refused for what it was given: counts as a try.
    unavailable,  // Nobody was there to run it: does not count.
    cancelled,    // Shoal is stopping: nothing is known of it.
  };
  Kind kind = Kind::success;
  int status = 0;              // HTTP's; 0: there was no answer.
  std::string function_error;  // "Unhandled", "Handled", of a failure of the function's own.
  std::string request_id;
  std::string payload;  // What the function returned.
  std::string reason;   // Of all but success, for the log.
};

// What is told of changes that were given up, and where to.
struct FailureReport {
  std::string destination;  // URL
  std::string text;         // JSON
};

}  // namespace shoal
