// Calls DynamoDB's API, of Shoal's or of any other server, for commands.
//
//   ApiOptions options; add_options(app, options);   // --url, --region, --access-key, --secret-key
//   ApiClient client(options);
//   const auto answer = client.call("ListTables", {{"Limit", 10}});
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace shoal {

struct ApiOptions {
  std::string url = "http://127.0.0.1:8000";
  std::string region = "us-east-1";
  std::string access_key = "local", secret_key = "local", session_token;
};
void add_options(CLI::App& app, ApiOptions& options);

// What the server said, for the user: "ResourceNotFoundException: Requested resource not found".
class ApiError : public std::runtime_error {
 public:
  ApiError(std::string error_type, const std::string& text) : std::runtime_error(text), type(std::move(error_type)) {}
  const std::string type;  // Without its name space; empty: it is no error of the API's.
};

class ApiClient {
 public:
  explicit ApiClient(const ApiOptions& options);  // Throws ApiError when the URL is none.
  ~ApiClient();

  // Throws ApiError, also when there is no answer.
  nlohmann::json call(std::string_view operation, const nlohmann::json& input);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal
