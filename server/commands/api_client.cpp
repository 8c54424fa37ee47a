#include "server/commands/api_client.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "protocol/sigv4/sign.h"
#include "server/outgoing/http_client.h"

namespace shoal {
namespace {

constexpr std::string_view kContentType = "application/x-amz-json-1.0";
constexpr std::chrono::seconds kTimeout{60};
constexpr int kTriesMax = 10;
constexpr std::chrono::milliseconds kFirstPause{50};

HttpUrl url_of(const std::string& text) {
  const auto url = parse_http_url(text);
  if (!url) throw ApiError("", "not a URL: " + text);
  return *url;
}

std::string type_of(const nlohmann::json& error) {
  const auto type = error.is_object() ? error.value("__type", std::string()) : std::string();
  return type.substr(type.find('#') + 1);
}

ApiError error_of(std::string_view operation, const HttpReply& reply) {
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  const auto type = type_of(body);
  const auto message = body.is_object() ? body.value("message", body.value("Message", std::string())) : reply.body;
  return {type, std::string(operation) + ": " + (type.empty() ? "HTTP " + std::to_string(reply.status) : type) + ": " +
                    message};
}

// Of errors that pass.
bool is_worth_another_try(int status, std::string_view type) {
  return status >= 500 || type == "ProvisionedThroughputExceededException" || type == "ThrottlingException" ||
         type == "LimitExceededException";
}

}  // namespace

void add_options(CLI::App& app, ApiOptions& options) {
  app.add_option("--url", options.url, "Where the server is")
      ->envname("AWS_ENDPOINT_URL")
      ->type_name("URL")
      ->capture_default_str();
  app.add_option("--region", options.region, "Of the tables")->envname("AWS_DEFAULT_REGION")->capture_default_str();
  app.add_option("--access-key", options.access_key, "Who asks")->envname("AWS_ACCESS_KEY_ID")->capture_default_str();
  app.add_option("--secret-key", options.secret_key, "Better given in the environment")
      ->envname("AWS_SECRET_ACCESS_KEY");
  app.add_option("--session-token", options.session_token, "Of temporary credentials")->envname("AWS_SESSION_TOKEN");
}

struct ApiClient::Impl {
  HttpReply send(std::string_view operation, const std::string& body) {
    const auto host = client.url().authority();
    const auto target = "DynamoDB_20120810." + std::string(operation);
    std::vector<sigv4::Header> headers{{"Host", host}, {"Content-Type", kContentType}, {"X-Amz-Target", target}};
    if (!options.session_token.empty()) headers.push_back({"X-Amz-Security-Token", options.session_token});
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto signature = sigv4::sign({"POST", "/", headers, body}, {options.access_key, options.secret_key},
                                 {options.region, "dynamodb"}, now);
    HttpHeaders sent{{"Content-Type", std::string(kContentType)},
                     {"X-Amz-Target", target},
                     {"X-Amz-Date", std::move(signature.timestamp)},
                     {"Authorization", std::move(signature.authorization)}};
    if (!options.session_token.empty()) sent.emplace_back("X-Amz-Security-Token", options.session_token);
    return client.post("/", sent, body, kTimeout);
  }

  const ApiOptions options;
  HttpClient client;
};

ApiClient::ApiClient(const ApiOptions& options) : impl_(new Impl{options, HttpClient(url_of(options.url))}) {}

ApiClient::~ApiClient() = default;

nlohmann::json ApiClient::call(std::string_view operation, const nlohmann::json& input) {
  const auto body = input.dump();
  auto pause = kFirstPause;
  for (int tries = 1;; ++tries, pause *= 2) {
    try {
      const auto reply = impl_->send(operation, body);
      if (reply.status == 200) return nlohmann::json::parse(reply.body);
      const auto error = error_of(operation, reply);
      if (tries == kTriesMax || !is_worth_another_try(reply.status, error.type)) throw error;
    } catch (const HttpError& failure) {
      throw ApiError("", failure.what());
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace shoal
