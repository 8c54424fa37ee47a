#include "server/triggers/trigger_runtime.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

using namespace shoal;
using namespace std::chrono_literals;
using Kind = InvocationResult::Kind;

TEST_CASE("an endpoint is a URL for all functions, or for one by its name") {
  CHECK(parse_lambda_endpoint("http://localhost:9001").function.empty());
  const auto named = parse_lambda_endpoint("resize=http://localhost:9001/a?b=c");
  CHECK(named.function == "resize");
  CHECK(named.url.path == "/a?b=c");
  CHECK(parse_lambda_endpoint("http://localhost/a?b=c").function.empty());
  for (const auto* text : {"", "resize", "resize=", "=http://localhost", "resize=localhost:1", "ftp://localhost"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_lambda_endpoint(text), std::runtime_error);
  }
}

TEST_CASE("what an answer says of a call") {
  CHECK(read_invocation(200, {}, "null").kind == Kind::success);
  CHECK(read_invocation(202, {}, "").kind == Kind::success);
  CHECK(read_invocation(200, {}, R"({"errorType": "is a member"})").kind == Kind::success);

  const auto unhandled = read_invocation(200, "Unhandled", R"({"errorMessage": "x"})");
  CHECK(unhandled.kind == Kind::failure);
  CHECK(unhandled.function_error == "Unhandled");
  CHECK(unhandled.reason == R"(HTTP 200 {"errorMessage": "x"})");
  CHECK(read_invocation(200, "Handled", "{}").function_error == "Handled");
}

TEST_CASE("the emulator tells of failures in the body alone") {
  for (const auto& [status, body] :
       {std::pair(200, R"({"errorMessage": "boom", "errorType": "RuntimeError", "stackTrace": []})"),
        std::pair(200, "Task timed out after 3.00 seconds"),
        std::pair(502, R"({"errorType":"Runtime.ExitError","errorMessage":"Runtime exited"})")}) {
    INFO(body);
    const auto result = read_invocation(status, {}, body);
    CHECK(result.kind == Kind::failure);
    CHECK(result.function_error == "Unhandled");
    CHECK(result.status == status);
  }
}

TEST_CASE("refusals count as tries, a function that is busy or not there (yet) does not") {
  for (const auto status : {400, 413, 500, 502, 504}) CHECK(read_invocation(status, {}, "").kind == Kind::failure);
  for (const auto status : {404, 429, 503}) CHECK(read_invocation(status, {}, "").kind == Kind::unavailable);
  CHECK(read_invocation(404, {}, "").function_error.empty());
}

TEST_CASE("a function without an endpoint cannot be called, nor one whose endpoint is away") {
  const auto runtime = open_runtime({parse_lambda_endpoint("here=http://127.0.0.1:1")}, 0);
  for (const auto& [function, reason] : {std::pair("elsewhere", "no --lambda-endpoint is for it"),
                                         std::pair("here:live", "http://127.0.0.1:1: Connection refused")}) {
    std::promise<InvocationResult> promise;
    runtime->invoke({"000000000000", "us-east-1", function, "{}"},
                    [&promise](InvocationResult result) { promise.set_value(std::move(result)); });
    auto future = promise.get_future();
    REQUIRE(future.wait_for(10s) == std::future_status::ready);
    const auto result = future.get();
    CHECK(result.kind == Kind::unavailable);
    CHECK(result.reason == reason);
  }
}

TEST_CASE("after cancel() nothing is called, and everything is answered") {
  const auto runtime = open_runtime({parse_lambda_endpoint("http://127.0.0.1:1")}, 2);
  runtime->cancel();
  for (int i = 0; i < 5; ++i) {
    std::promise<InvocationResult> promise;
    runtime->invoke({"000000000000", "us-east-1", "f", "{}"},
                    [&promise](InvocationResult result) { promise.set_value(std::move(result)); });
    CHECK(promise.get_future().get().kind == Kind::cancelled);
  }
}

TEST_CASE("reports are lines of a file, in a folder that is made for it") {
  const auto folder = std::filesystem::temp_directory_path() / ("shoal-reports-" + std::to_string(getpid()));
  const auto runtime = open_runtime({}, 0);
  std::vector<std::string> failures;
  const auto report = [&](const std::string& destination, const std::string& text) {
    runtime->report({destination, text}, [&failures](std::string failure) { failures.push_back(std::move(failure)); });
  };
  const auto file = "file://" + (folder / "a" / "failed.jsonl").string();
  report(file, R"({"n": 1})");
  report(file, R"({"n": 2})");
  CHECK(failures == std::vector<std::string>{"", ""});
  std::ifstream stream(folder / "a" / "failed.jsonl");
  std::stringstream content;
  content << stream.rdbuf();
  CHECK(content.str() == "{\"n\": 1}\n{\"n\": 2}\n");

  // Nobody makes Shoal write elsewhere by a link in its folder.
  std::filesystem::create_symlink(folder / "a" / "failed.jsonl", folder / "link");
  report("file://" + (folder / "link").string(), "{}");
  CHECK_FALSE(failures.back().empty());
  std::filesystem::remove_all(folder);
}
