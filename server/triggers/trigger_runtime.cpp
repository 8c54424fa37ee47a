#include "server/triggers/trigger_runtime.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "protocol/sigv4/query.h"
#include "protocol/sigv4/sign.h"
#include "server/triggers/call_threads.h"
#include "server/triggers/mapping.h"

namespace shoal {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kEmulatorPath = "/functions/function/invocations";
constexpr std::string_view kTimedOut = "Task timed out after ";
constexpr std::size_t kManyCalls = 10;
constexpr std::size_t kReportThreads = 2;
constexpr std::chrono::minutes kCallTimeout{16};  // A function may run for 15.
constexpr std::chrono::seconds kReportTimeout{20};

std::string target_of(const LambdaEndpoint& endpoint, std::string_view function) {
  if (!endpoint.url.path.empty() && endpoint.url.path != "/") return endpoint.url.path;
  const auto colon = function.find(':');
  std::string target = "/2015-03-31/functions/";
  sigv4::append_uri_encoded(target, function.substr(0, colon));
  target += "/invocations";
  if (colon != std::string_view::npos) {
    target += "?Qualifier=";
    sigv4::append_uri_encoded(target, function.substr(colon + 1));
  }
  return target;
}

// As if by whoever owns the table: who listens may want to know the account.
HttpHeaders signed_headers(const HttpUrl& url, const std::string& target, const Invocation& invocation) {
  const auto host = url.authority();
  const sigv4::Header headers[] = {
      {"Host", host}, {"Content-Type", kJson}, {"X-Amz-Invocation-Type", "RequestResponse"}};
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  auto signature = sigv4::sign({"POST", target, headers, invocation.payload}, {invocation.account, "local"},
                               {invocation.region, "lambda"}, now);
  return {{"Content-Type", std::string(kJson)},
          {"X-Amz-Invocation-Type", "RequestResponse"},
          {"X-Amz-Date", std::move(signature.timestamp)},
          {"Authorization", std::move(signature.authorization)}};
}

InvocationResult unavailable(std::string reason) {
  InvocationResult result;
  result.kind = InvocationResult::Kind::unavailable;
  result.reason = std::move(reason);
  return result;
}

// {"errorMessage": "...", "errorType": "..."}: what the emulator returns of a function that threw, with status 200.
bool is_error_object(const std::string& body) {
  if (body.find("\"errorType\"") == std::string::npos) return false;
  const auto value = nlohmann::json::parse(body, nullptr, false);
  return value.is_object() && value.contains("errorType") && value.contains("errorMessage");
}

std::string shortened(std::string text) {
  constexpr std::size_t kShown = 200;
  if (text.size() > kShown) text.resize(kShown);
  return text;
}

// Appends a line to the file, in one write, so that lines of several do not mix.
std::string append_line(const std::string& path, std::string line) {
  line += '\n';
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file < 0) return path + ": " + std::strerror(errno);
  const auto written = write(file, line.data(), line.size());
  const int failure = errno;
  close(file);
  if (written == static_cast<ssize_t>(line.size())) return {};
  return path + ": " + (written < 0 ? std::strerror(failure) : "not all of a line could be written");
}

class HttpRuntime final : public TriggerRuntime {
 public:
  HttpRuntime(std::vector<LambdaEndpoint> endpoints, std::size_t calls_at_once) : calls_at_once_(calls_at_once) {
    for (auto& endpoint : endpoints) {
      auto function = endpoint.function;
      endpoints_.insert_or_assign(std::move(function), std::move(endpoint));
    }
  }

  void invoke(Invocation invocation, std::function<void(InvocationResult)> done) override {
    const auto* endpoint = endpoint_of(invocation.function);
    if (endpoint == nullptr) return done(unavailable("no --lambda-endpoint is for it"));
    auto target = target_of(*endpoint, invocation.function);
    threads_for(*endpoint, target)
        .submit([this, invocation = std::move(invocation), done = std::move(done),
                 target = std::move(target)](HttpClient& client) { done(call(client, target, invocation)); });
  }

  void report(FailureReport report, std::function<void(std::string)> done) override {
    if (report.destination.starts_with(kFileScheme)) {
      return done(append_line(report.destination.substr(kFileScheme.size()), std::move(report.text)));
    }
    const auto url = parse_http_url(report.destination);
    if (!url) return done("no destination: " + report.destination);
    threads("report " + url->authority() + (url->tls ? " tls" : ""), *url, kReportThreads)
        .submit([path = url->path.empty() ? "/" : url->path, text = std::move(report.text),
                 done = std::move(done)](HttpClient& client) { done(post_report(client, path, text)); });
  }

  void cancel() override {
    cancelled_ = true;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, threads] : threads_) threads->cancel();
  }

 private:
  const LambdaEndpoint* endpoint_of(const std::string& function) const {
    for (const auto& name : {function, function.substr(0, function.find(':')), std::string()}) {
      const auto found = endpoints_.find(name);
      if (found != endpoints_.end()) return &found->second;
    }
    return nullptr;
  }

  CallThreads& threads_for(const LambdaEndpoint& endpoint, std::string_view target) {
    const bool is_emulator = target.ends_with(kEmulatorPath);
    const auto many = calls_at_once_ > 0 ? calls_at_once_ : is_emulator ? 1 : kManyCalls;
    return threads(endpoint.url.authority() + (is_emulator ? " emulator" : ""), endpoint.url, many);
  }

  CallThreads& threads(const std::string& name, const HttpUrl& url, std::size_t threads_max) {
    const std::lock_guard lock(mutex_);
    auto& threads = threads_[name];
    if (!threads) {
      threads = std::make_unique<CallThreads>(url, threads_max);
      if (cancelled_) threads->cancel();
    }
    return *threads;
  }

  InvocationResult call(HttpClient& client, const std::string& target, const Invocation& invocation) const {
    try {
      auto reply =
          client.post(target, signed_headers(client.url(), target, invocation), invocation.payload, kCallTimeout);
      const auto error = reply.header("X-Amz-Function-Error");
      auto result = read_invocation(reply.status, error, reply.body);
      const auto id = reply.header("x-amzn-RequestId");
      result.request_id = id ? std::string(*id) : new_uuid();
      return result;
    } catch (const HttpError& failure) {
      auto result = unavailable(failure.what());
      if (cancelled_) result.kind = InvocationResult::Kind::cancelled;
      return result;
    }
  }

  static std::string post_report(HttpClient& client, const std::string& path, const std::string& text) {
    try {
      const auto reply = client.post(path, {{"Content-Type", std::string(kJson)}}, text, kReportTimeout);
      return reply.status / 100 == 2 ? std::string() : "HTTP " + std::to_string(reply.status);
    } catch (const HttpError& failure) {
      return failure.what();
    }
  }

  const std::size_t calls_at_once_;
  std::map<std::string, LambdaEndpoint> endpoints_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<CallThreads>> threads_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace

LambdaEndpoint parse_lambda_endpoint(std::string_view text) {
  LambdaEndpoint endpoint;
  const auto equals = text.find('=');
  const bool is_named = equals != std::string_view::npos && equals < text.find("://");
  if (is_named) endpoint.function = text.substr(0, equals);
  auto url = parse_http_url(is_named ? text.substr(equals + 1) : text);
  if (!url || (is_named && endpoint.function.empty())) {
    throw std::runtime_error("--lambda-endpoint: neither a URL nor name=URL: " + std::string(text));
  }
  endpoint.url = std::move(*url);
  return endpoint;
}

std::unique_ptr<TriggerRuntime> open_runtime(std::vector<LambdaEndpoint> endpoints, std::size_t calls_at_once) {
  return std::make_unique<HttpRuntime>(std::move(endpoints), calls_at_once);
}

InvocationResult read_invocation(int status, std::optional<std::string_view> function_error_header, std::string body) {
  InvocationResult result;
  result.status = status;
  const bool timed_out = body.starts_with(kTimedOut);
  const bool threw = function_error_header || timed_out || is_error_object(body);
  if (threw) result.function_error = function_error_header.value_or("Unhandled");
  // Busy, starting, or not there (yet): the same changes may well be taken later.
  if (status == 404 || status == 429 || status == 503) {
    result.kind = InvocationResult::Kind::unavailable;
  } else if (threw || status / 100 != 2) {
    result.kind = InvocationResult::Kind::failure;
  }
  if (result.kind != InvocationResult::Kind::success) {
    result.reason = "HTTP " + std::to_string(status) + " " + shortened(body);
  }
  result.payload = std::move(body);
  return result;
}

}  // namespace shoal
