// POST /_shoal/reset: an empty world again, in a moment, however much there was. Between tests.
//
//   POST /_shoal/reset {}                               -> {"tables": 3}     everything of everybody
//   POST /_shoal/reset {"account": "000000000042"}      -> {"tables": 1}     what this account has
#include "storage/reset.h"

#include "server/auth/credentials.h"
#include "server/control/endpoint.h"

namespace shoal {

nlohmann::json reset_data(const Services& services, const nlohmann::json& body) {
  const bool is_one = body.is_object() && body.size() == 1 && body.contains("account") && body["account"].is_string();
  if (!body.is_object() || (!body.empty() && !is_one)) throw ControlError(R"(the body must be {} or {"account": ID})");
  const auto account = is_one ? body["account"].get<std::string>() : std::string();
  if (is_one && !is_account(account)) throw ControlError("an account is twelve digits, not '" + account + "'");
  std::size_t tables = 0;
  services.engine.write([&](kv::Transaction& transaction) { tables = reset(transaction, services.catalog, account); });
  services.catalog.reload();
  services.wake_jobs();
  return {{"tables", tables}};
}

}  // namespace shoal
