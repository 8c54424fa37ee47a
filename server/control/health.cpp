// GET /_shoal/health: that the server serves, and its version.
#include "config/config.h"
#include "server/control/endpoint.h"

namespace shoal {

nlohmann::json health(const Services&, const nlohmann::json&) { return {{"status", "ok"}, {"version", version()}}; }

}  // namespace shoal
