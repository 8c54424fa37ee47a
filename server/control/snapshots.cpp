// /_shoal/snapshot, /_shoal/restore: everything that is kept, as it was. Seed once, restore before each test. Neither
// takes longer for more data; the way back takes as long as what was written since (storage/rewind.h).
//
//   POST   /_shoal/snapshot  {"name": "seeded"}    -> {"snapshots": ["seeded"]}
//   POST   /_shoal/restore   {"name": "seeded"}    -> {"snapshots": ["seeded"]}     those made later are gone
//   GET    /_shoal/snapshots                       -> {"snapshots": ["seeded"]}
//   DELETE /_shoal/snapshots                       -> {"snapshots": []}             and no write keeps anything any
//   more
#include "server/control/endpoint.h"
#include "storage/rewind.h"

namespace shoal {
namespace {

constexpr std::size_t kNameBytesMax = 255;

std::string name_in(const nlohmann::json& body) {
  const bool good = body.is_object() && body.size() == 1 && body.contains("name") && body["name"].is_string();
  if (!good) throw ControlError(R"(the body must be {"name": NAME})");
  auto name = body["name"].get<std::string>();
  if (name.empty() || name.size() > kNameBytesMax) throw ControlError("a snapshot's name has 1 to 255 bytes");
  return name;
}

}  // namespace

nlohmann::json show_snapshots(const Services& services, const nlohmann::json&) {
  return {{"snapshots", services.engine.names()}};
}

nlohmann::json take_snapshot(const Services& services, const nlohmann::json& body) {
  services.engine.keep(name_in(body));
  return show_snapshots(services, body);
}

nlohmann::json restore_snapshot(const Services& services, const nlohmann::json& body) {
  const auto name = name_in(body);
  if (!services.engine.rewind(name)) {
    throw ControlError("there is no snapshot '" + name + "': GET /_shoal/snapshots lists them");
  }
  services.catalog.reload();
  services.wake_jobs();
  return show_snapshots(services, body);
}

nlohmann::json drop_snapshots(const Services& services, const nlohmann::json& body) {
  services.engine.forget_all();
  return show_snapshots(services, body);
}

}  // namespace shoal
