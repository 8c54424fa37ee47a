// /_shoal/clock: the time that data lives by, which can be moved forward.
#include "storage/clock.h"

#include <cmath>

#include "server/control/endpoint.h"
#include "server/faults/faults.h"

namespace shoal {
namespace {

constexpr double kEndOfTime = 253'402'300'799;  // The last second of the year 9999.

double seconds(Clock::Duration time) { return static_cast<double>(time.count()) / 1000; }

double advance_of(const Services& services, const nlohmann::json& body) {
  if (!body.is_object() || body.size() != 1 || !body.contains("advance_seconds")) {
    throw ControlError(R"(the body must be {"advance_seconds": N})");
  }
  const auto& wish = body["advance_seconds"];
  if (!wish.is_number() || wish.get<double>() < 0) {
    throw ControlError("advance_seconds must be a number that is not negative: the clock goes forward only");
  }
  const auto advance = wish.get<double>();
  if (seconds(services.clock.now()) + advance > kEndOfTime) {
    throw ControlError("advance_seconds goes beyond the year 9999");
  }
  return advance;
}

}  // namespace

nlohmann::json show_clock(const Services& services, const nlohmann::json&) {
  return {{"now", seconds(services.clock.now())}};
}

nlohmann::json advance_clock(const Services& services, const nlohmann::json& body) {
  const auto advance = advance_of(services, body);
  services.faults.take_snapshots();
  services.clock.advance(Clock::Duration(std::llround(advance * 1000)));
  services.wake_jobs();
  return show_clock(services, body);
}

}  // namespace shoal
