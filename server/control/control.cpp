#include "server/control/control.h"

#include <algorithm>
#include <cctype>

#include "server/control/endpoint.h"

namespace shoal {
namespace {

constexpr std::string_view kRoot = "/_shoal";

struct Endpoint {
  std::string_view method;
  std::string_view path;
  ControlFunction run;
  TextFunction text = nullptr;  // In its place.
  bool is_public = false;       // Needs no signature with --control=signed.
};

constexpr Endpoint kEndpoints[] = {
    {"GET", "/_shoal/health", health, nullptr, true},
    {"GET", "/metrics", nullptr, metrics, true},
    {"GET", "/_shoal/metrics", nullptr, metrics, true},
    {"GET", "/_shoal/clock", show_clock},
    {"POST", "/_shoal/clock", advance_clock},
    {"GET", "/_shoal/faults", show_faults},
    {"POST", "/_shoal/faults", set_faults},
    {"DELETE", "/_shoal/faults", clear_faults},
    {"POST", "/_shoal/split", split_table},
    {"POST", "/_shoal/reset", reset_data},
    {"POST", "/_shoal/snapshot", take_snapshot},
    {"POST", "/_shoal/restore", restore_snapshot},
    {"GET", "/_shoal/snapshots", show_snapshots},
    {"DELETE", "/_shoal/snapshots", drop_snapshots},
    {"GET", "/_shoal/journal", show_journal},
    {"POST", "/_shoal/journal", begin_journal},
    {"DELETE", "/_shoal/journal", end_journal},
};

ControlAnswer failure(int status, std::string message) {
  // A path may hold any bytes.
  const nlohmann::json body{{"message", std::move(message)}};
  return {status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

// "GET /_shoal/health, GET /_shoal/clock, ..."
std::string what_exists() {
  std::string list;
  for (const auto& endpoint : kEndpoints) {
    if (!list.empty()) list += ", ";
    list.append(endpoint.method).append(" ").append(endpoint.path);
  }
  return list;
}

bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  constexpr std::string_view kJson = "application/json";
  return std::equal(type.begin(), type.end(), kJson.begin(), kJson.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

// HEAD is a GET whose body is not sent.
const Endpoint* find_endpoint(std::string_view method, std::string_view path) {
  if (method == "HEAD") method = "GET";
  const auto* found = std::find_if(std::begin(kEndpoints), std::end(kEndpoints), [&](const Endpoint& endpoint) {
    return endpoint.method == method && endpoint.path == path;
  });
  return found == std::end(kEndpoints) ? nullptr : found;
}

ControlAnswer no_such_endpoint(std::string_view method, std::string_view path) {
  const bool known = std::any_of(std::begin(kEndpoints), std::end(kEndpoints),
                                 [&](const Endpoint& endpoint) { return endpoint.path == path; });
  const auto asked = std::string(known ? std::string(method) + " " : "") + std::string(path);
  return failure(known ? 405 : 404, "there is no " + asked + "; there are: " + what_exists());
}

nlohmann::json parsed(std::string_view body) {
  try {
    return nlohmann::json::parse(body);
  } catch (const nlohmann::json::exception& error) {
    throw ControlError(std::string("the body is no JSON: ") + error.what());
  }
}

ControlAnswer run(const Endpoint& endpoint, const Services& services, std::string_view body) {
  if (endpoint.text != nullptr) return {200, endpoint.text(services), "text/plain; version=0.0.4"};
  try {
    return {200, endpoint.run(services, endpoint.method == "POST" ? parsed(body) : nlohmann::json()).dump()};
  } catch (const ControlError& error) {
    return failure(400, error.what());
  }
}

}  // namespace

bool is_control_target(std::string_view target) {
  const auto path = path_of(target);
  return path == "/metrics" || (path.starts_with(kRoot) && (path.size() == kRoot.size() || path[kRoot.size()] == '/'));
}

std::optional<ControlAnswer> answer_control(const Services& services, Authenticator& authenticator,
                                            const ControlRequest& request) {
  if (services.config.control == "off") return std::nullopt;
  if (!request.origin.empty()) return failure(403, "the control interface is not for web pages");
  const auto method = request.signed_request.method, body = request.signed_request.body;
  const auto path = path_of(request.signed_request.target);
  const auto* endpoint = find_endpoint(method, path);
  const bool is_public = endpoint != nullptr && endpoint->is_public;
  if (services.config.control == "signed" && !is_public) {
    authenticator.authenticate(request.signed_request, std::chrono::system_clock::now());
  }
  if (endpoint == nullptr) return no_such_endpoint(method, path);
  if (endpoint->method == "POST" && !is_json(request.content_type)) {
    return failure(415, "the Content-Type must be application/json");
  }
  // So that nobody takes it for a choice of what to delete.
  if (endpoint->method == "DELETE" && !body.empty()) {
    return failure(400, "DELETE clears everything and takes no body");
  }
  return run(*endpoint, services, body);
}

}  // namespace shoal
