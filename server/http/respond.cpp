#include "server/http/respond.h"

#include <spdlog/spdlog.h>

#include <optional>

#include "config/config.h"
#include "protocol/error.h"
#include "protocol/json/reader.h"
#include "protocol/model/validator.h"
#include "server/control/control.h"
#include "server/http/inflate.h"
#include "server/http/response.h"
#include "server/operations/fault_injection.h"
#include "server/triggers/lambda_api.h"
#include "server/triggers/lambda_error.h"

namespace shoal::http {
namespace {

constexpr std::string_view kAwsJson = "application/x-amz-json-1.0";
constexpr std::string_view kPlainJson = "application/json";
constexpr std::string_view kNoSuchThing = "<UnknownOperationException/>\n";
constexpr int kTriesMax = 100;                     // of a write whose table keeps changing under it
constexpr std::size_t kKeptBytesMax = 256 * 1024;  // A larger body's parser is not kept for the next request.

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// "application/json" of "application/json; charset=utf-8".
std::string_view media_type(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return type;
}

bool is_aws_json(std::string_view content_type) { return equal_ignoring_case(media_type(content_type), kAwsJson); }

bool is_json(std::string_view content_type) {
  return is_aws_json(content_type) || equal_ignoring_case(media_type(content_type), kPlainJson);
}

bool is_compressed(std::string_view coding) {
  return equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip") ||
         equal_ignoring_case(coding, "deflate");
}

// The body is larger than it may be: answered in a form of its own.
struct TooLarge {};

}  // namespace

struct Exchange::Impl {
  explicit Impl(const Backend& from) : backend(from) {
    run_write = [this](kv::Transaction& transaction) {
      if (call) call->spent = {};  // It may have run before.
      answer = write.body(transaction);
    };
  }

  const Backend& backend;
  json::Parser parser;
  std::string inflated;
  kv::Body run_write;  // What the engine is handed: `write` of the moment.

  // Of the request being answered.
  const Request* request = nullptr;
  std::chrono::steady_clock::time_point began;
  const Route* route = nullptr;
  std::optional<RequestId> id;
  Caller caller;
  std::optional<Call> call;
  Write write;
  Answer answer;
  int status = 200;        // Of the answer.
  bool is_lambda = false;  // Of Lambda's API, which has errors in a form of its own.
  int tries = 0;
  std::chrono::milliseconds delay{0};

  // Runs `step` with every failure turned into its answer. `step` returns a body to commit, or null.
  template <typename Step>
  const kv::Body* guarded(std::string& out, Step step) {
    try {
      return step();
    } catch (const Error& error) {
      send_error(error, out);
    } catch (const TooLarge&) {
      append_too_large(out, request->keep_alive);
    } catch (const kv::EngineError& error) {
      spdlog::error("request {}: {}: {}", id->text(), name(), error.what());
      send_error(Error(errors::internal_server_error, std::string("Internal server error: ") + error.what()), out);
    } catch (const std::exception& bug) {
      send_bug(bug.what(), out);
    } catch (...) {
      send_bug("an exception of unknown type", out);
    }
    release();
    return nullptr;
  }

  const kv::Body* start(const Request& given, std::string& out) {
    request = &given;
    began = std::chrono::steady_clock::now();
    route = nullptr;
    caller = {};
    id.emplace();
    tries = 0;
    status = 200;
    is_lambda = false;
    delay = delay.zero();
    return guarded(out, [&] { return answer_request(out); });
  }

  const kv::Body* settle(const std::exception_ptr& failure, std::string& out) {
    return guarded(out, [&]() -> const kv::Body* {
      try {
        if (failure) std::rethrow_exception(failure);
      } catch (const TableChanged& changed) {
        return run_again(changed, out);
      }
      if (write.committed) run_committed();
      return finish(out);
    });
  }

  const kv::Body* answer_request(std::string& out) {
    if (is_control_target(request->target)) {
      send_control(out);
      return nullptr;
    }
    if (is_lambda_target(request->target) && request->method != "OPTIONS") return run_lambda(out);
    if (request->method == "GET") {
      send_page(out);
      return nullptr;
    }
    if (request->method == "OPTIONS" && !request->origin.empty()) {
      send_preflight(out);
      return nullptr;
    }
    if (request->method != "POST" || (!request->body.empty() && !is_json(request->content_type))) {
      send_no_such_thing(out);
      return nullptr;
    }
    admit();
    return run(out);
  }

  // Mappings of streams to functions are set up by Lambda's API. Its requests have no content type to keep web pages
  // off by: their origin has to be allowed.
  const kv::Body* run_lambda(std::string& out) {
    is_lambda = true;
    if (!request->origin.empty() && !backend.cors.allows(request->origin)) {
      throw Error(errors::forbidden_origin, "Pages of " + std::string(request->origin) + " may not call");
    }
    caller = authenticate(kLambdaService);
    auto given = answer_lambda(backend.services,
                               {request->method, request->target, request->body, caller.account, caller.region});
    status = given.status;
    if (auto* left = std::get_if<Write>(&given.outcome)) {
      write = std::move(*left);
      return &run_write;
    }
    answer = std::move(std::get<Answer>(given.outcome));
    return finish(out);
  }

  // All that is checked before the operation itself runs.
  void admit() {
    std::optional<json::Json> input;
    if (!request->body.empty()) {
      input = parsed_body();
      if (!input || input->kind() != json::Kind::object) throw Error::bare(errors::serialization);
    }
    route = backend.routes.find(request->api_target);
    if (route == nullptr) throw Error::bare(errors::unknown_operation);
    if (route->operation == nullptr) {
      throw Error(errors::unknown_operation, std::string(route->model->name) + " is not supported by Shoal yet");
    }
    caller = authenticate();
    if (!input) throw Error::bare(errors::serialization);
    model::validate(*route->model, *input);
    call.emplace(Call{backend.services, *route->operation, *input, caller.account, caller.region});
  }

  std::optional<json::Json> parsed_body() {
    if (!is_compressed(request->content_encoding)) return parser.parse_padded(request->body);
    switch (inflate(request->body, kBodyBytesMax, inflated)) {
      case Inflated::done:
        return parser.parse_padded(inflated);
      case Inflated::too_large:
        throw TooLarge{};
      case Inflated::malformed:
        break;
    }
    return std::nullopt;
  }

  Caller authenticate(std::string_view service = "dynamodb") {
    const sigv4::Request signed_request{request->method, request->target, request->headers, request->body, service};
    auto found = backend.authenticator.authenticate(signed_request, std::chrono::system_clock::now());
    if (backend.services.config.shared_regions) found.region = kSharedRegion;
    if (backend.services.config.single_namespace) found.account = kDefaultAccount;
    return found;
  }

  const kv::Body* run(std::string& out) {
    while (true) {
      try {
        auto outcome = run_operation(*call);
        if (auto* left = std::get_if<Write>(&outcome)) {
          write = std::move(*left);
          return &run_write;
        }
        answer = std::move(std::get<Answer>(outcome));
        return finish(out);
      } catch (const TableChanged& changed) {
        reload(changed);
      }
    }
  }

  const kv::Body* run_again(const TableChanged& changed, std::string& out) {
    reload(changed);
    return run(out);
  }

  void reload(const TableChanged& changed) {
    if (++tries >= kTriesMax)
      throw std::runtime_error("table " + changed.name + " changes faster than it can be written");
    backend.services.catalog.reload(changed.account, changed.region, changed.name);
  }

  // The write has happened: what fails now is not the client's affair.
  void run_committed() {
    try {
      write.committed();
    } catch (const std::exception& bug) {
      spdlog::error("request {}: {}: after the commit: {}", id->text(), name(), bug.what());
    }
  }

  const kv::Body* finish(std::string& out) {
    send({.status = status, .content_type = content_type(), .body = answer}, out);
    backend.services.requests->answered(counted_as(), took());
    observe(status, {});
    release();
    return nullptr;
  }

  // For those who keep more of a request than counts.
  void observe(int answered_with, std::string_view error) {
    auto& journal = *backend.services.journal;
    auto* log = backend.services.request_log.get();
    if (log != nullptr && !log->wants(took())) log = nullptr;
    if (!journal.is_on() && log == nullptr) return;
    RequestRecord record{std::chrono::system_clock::now(),
                         std::string(id->text()),
                         std::string(name()),
                         caller.account,
                         caller.region,
                         answered_with,
                         std::string(error),
                         took(),
                         {}};
    if (call && error.empty()) record.spent = std::move(call->spent);
    if (call && record.spent.tables.empty()) {
      if (const auto table = call->input.find("TableName")) record.spent.add_table(table.string());
    }
    if (log != nullptr) log->add(record);
    journal.add(std::move(record));
  }

  RequestMetrics::Duration took() const { return std::chrono::steady_clock::now() - began; }
  std::size_t counted_as() const { return route != nullptr ? route->counted_as : backend.routes.others_counted_as(); }

  // Gives back what must not outlive the request, and buffers that a large one left.
  void release() {
    write = {};
    if (call) delay = added_latency(*call);
    call.reset();
    if (request->body.size() > kKeptBytesMax || inflated.capacity() > kKeptBytesMax) {
      parser = json::Parser();
      std::string().swap(inflated);
    }
    if (answer.capacity() > kKeptBytesMax) Answer().swap(answer);
  }

  void send(Response response, std::string& out) {
    std::string headers;
    if (!request->origin.empty() && backend.cors.allows(request->origin)) append_cors_headers(headers);
    response.cors_headers = headers;
    response.without_body = request->method == "HEAD";
    append_response(out, *request, *id, response);
    spdlog::debug("request {}: {} {} {} ({} bytes)", id->text(), request->method, name(), response.status,
                  response.body.size());
  }

  void send_error(const Error& error, std::string& out) {
    backend.services.requests->failed(counted_as(), error.type().name, took());
    observe(error.type().status, error.type().name);
    if (is_lambda) return send_lambda_error(error, out);
    const auto wording = route != nullptr && route->operation != nullptr ? route->operation->wording : Wording::older;
    const std::string body = error_body(error, wording);
    send({.status = error.type().status, .content_type = content_type(), .body = body, .hint = error.hint()}, out);
  }

  void send_lambda_error(const Error& error, std::string& out) {
    const auto body = lambda_error_body(error);
    send({.status = lambda_status(error),
          .content_type = content_type(),
          .body = body,
          .error_type = error.type().name,
          .hint = error.hint()},
         out);
  }

  void send_bug(std::string_view what, std::string& out) {
    spdlog::error("request {}: {}: {}", id->text(), name(), what);
    send_error(Error(errors::internal_server_error, "Internal server error"), out);
  }

  void send_page(std::string& out) {
    send({.content_type = "text/plain", .body = "healthy: dynamodb.us-east-1.amazonaws.com "}, out);
  }

  void send_no_such_thing(std::string& out) {
    send({.status = 404, .content_type = content_type(), .body = kNoSuchThing}, out);
  }

  // Never with CORS headers: no web page may read it.
  void send_control(std::string& out) {
    const auto given = answer_control(
        backend.services, backend.authenticator,
        {{request->method, request->target, request->headers, request->body}, request->content_type, request->origin});
    if (!given) return send_no_such_thing(out);
    const bool is_head = request->method == "HEAD";
    append_response(
        out, *request, *id,
        {.status = given->status, .content_type = given->content_type, .body = given->body, .without_body = is_head});
    spdlog::debug("request {}: {} {} {}", id->text(), request->method, request->target, given->status);
  }

  void send_preflight(std::string& out) {
    Response response{.content_type = content_type()};
    std::string headers;
    if (backend.cors.allows(request->origin)) {
      append_cors_headers(headers);
      append_preflight_headers(headers, *request);
    }
    response.cors_headers = headers;
    append_response(out, *request, *id, response);
  }

  std::string_view content_type() const { return is_aws_json(request->content_type) ? kAwsJson : kPlainJson; }
  std::string_view name() const { return route != nullptr ? route->model->name : request->target; }
};

Exchange::Exchange(const Backend& backend) : impl_(std::make_unique<Impl>(backend)) {}
Exchange::~Exchange() = default;

const kv::Body* Exchange::start(const Request& request, std::string& out) { return impl_->start(request, out); }
const kv::Body* Exchange::settle(std::exception_ptr failure, std::string& out) { return impl_->settle(failure, out); }
std::chrono::milliseconds Exchange::delay() const { return impl_->delay; }

}  // namespace shoal::http
