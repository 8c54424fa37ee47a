// Where functions run, and where what they did not take is told to: all of the outside world that triggers need.
//
//   const auto runtime = open_runtime({"http://localhost:9001"}, {});
//   runtime->invoke({account, region, "resize", R"({"Records": []})"}, [](InvocationResult result) { ... });
//
// Neither call waits; `done` is called once, on any thread, or before the call returns. After cancel() everything
// ends soon: what is under way, and what comes later.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/outgoing/http_url.h"
#include "server/triggers/invocation.h"

namespace shoal {

class TriggerRuntime {
 public:
  virtual ~TriggerRuntime() = default;
  virtual void invoke(Invocation invocation, std::function<void(InvocationResult)> done) = 0;
  // What went wrong; empty: it was delivered.
  virtual void report(FailureReport report, std::function<void(std::string)> done) = 0;
  virtual void cancel() = 0;
};

// Of --lambda-endpoint: "URL" for every function, or "name=URL" for one. A URL with a path is called as it is;
// otherwise the path is Lambda's, /2015-03-31/functions/<name>/invocations.
struct LambdaEndpoint {
  std::string function;  // Empty: all that have none of their own.
  HttpUrl url;
};
// Throws std::runtime_error with a message for the user.
LambdaEndpoint parse_lambda_endpoint(std::string_view text);

// `calls_at_once`: to each endpoint; 0: many, but one to what only an emulator listens to
// (.../functions/function/invocations), since the Runtime Interface Emulator ends when it is called while it is busy.
std::unique_ptr<TriggerRuntime> open_runtime(std::vector<LambdaEndpoint> endpoints, std::size_t calls_at_once);

// What an HTTP answer says of a call: the part of the above that needs no network.
InvocationResult read_invocation(int status, std::optional<std::string_view> function_error_header, std::string body);

}  // namespace shoal
