// shoal health: whether the server of this machine answers. For a container's HEALTHCHECK and for scripts.
#include <chrono>

#include "server/commands/parse.h"
#include "server/outgoing/http_client.h"

namespace shoal {

int run_health(CommandLine line) {
  std::string url, port = "8000";
  unsigned timeout_ms = 2'000;
  CLI::App app("Asks a Shoal whether it answers. Exits with 0 when it does.", "shoal health");
  app.add_option("--url", url, "Where it is; without it, this machine at the port")->type_name("URL");
  app.add_option("--port", port, "Port on this machine")->envname("SHOAL_PORT")->capture_default_str();
  app.add_option("--timeout-ms", timeout_ms, "How long it may take")->capture_default_str();
  if (const auto status = parse(app, line)) return *status;
  if (url.empty()) url = "http://127.0.0.1:" + port;
  const auto where = parse_http_url(url);
  if (!where) {
    std::fprintf(stderr, "shoal health: not a URL: %s\n", url.c_str());
    return 2;
  }
  try {
    const auto reply = HttpClient(*where).get("/_shoal/health", {}, std::chrono::milliseconds(timeout_ms));
    std::printf("%s: HTTP %d %s\n", url.c_str(), reply.status, reply.body.c_str());
    return reply.status == 200 ? 0 : 1;
  } catch (const HttpError& failure) {
    std::fprintf(stderr, "shoal health: %s\n", failure.what());
    return 1;
  }
}

}  // namespace shoal
