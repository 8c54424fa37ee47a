#include "server/operations/table_throughput.h"

#include <algorithm>
#include <cmath>

#include "server/operations/account_quotas.h"
#include "server/operations/table_schema.h"

namespace shoal {
namespace {

constexpr std::int64_t kUnitsMax = 1'000'000'000'000;
constexpr std::int64_t kFreeDecreasesADay = 4;
constexpr double kSecondsBetweenDecreases = 3600;
constexpr Units kOnDemandWarmUnits{12'000, 4'000};

std::int64_t day_of(double seconds) { return static_cast<std::int64_t>(std::floor(seconds / 86'400)); }

void check_decrease(const Throughput& throughput, double now) {
  const auto today = decreases_today(throughput, now);
  const auto next = throughput.last_decrease + kSecondsBetweenDecreases;
  if (today < kFreeDecreasesADay || now >= next) return;
  throw Error(errors::limit_exceeded,
              "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After "
              "the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every "
              "3600 seconds. Number of decreases today: " +
                  std::to_string(today) + ". Last decrease at " + quota_date(throughput.last_decrease) +
                  ". Next decrease can be made at " + quota_date(next));
}

Error unchanged(const Throughput& current, const Units& units, std::string_view index) {
  const std::string kind = index.empty() ? "table" : "index";
  const auto subject = index.empty() ? kind : kind + ' ' + std::string(index);
  return validation_error(
      "The provisioned throughput for the " + subject +
      " will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the " +
      kind + ": " + std::to_string(current.read_units) + ". Requested ReadCapacityUnits: " +
      std::to_string(units.first) + ". Current WriteCapacityUnits provisioned for the " + kind + ": " +
      std::to_string(current.write_units) + ". Requested WriteCapacityUnits: " + std::to_string(units.second) +
      ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.");
}

std::int64_t maximum_of(json::Json maxima, std::string_view member) {
  const auto value = maxima.find(member);
  if (!value) return -1;
  if (value.integer() == 0 || value.integer() < -1) {
    throw invalid_parameters(std::string(member) + " must be -1, for no limit, or greater than 0");
  }
  return value.integer();
}

// Nothing when there is no limit.
void read_on_demand_maximum(json::Json input, BillingMode billing, std::optional<Units>& maximum) {
  const auto maxima = input.find("OnDemandThroughput");
  if (!maxima) return;
  if (billing == BillingMode::provisioned) {
    throw invalid_parameters("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED");
  }
  const Units units{maximum_of(maxima, "MaxReadRequestUnits"), maximum_of(maxima, "MaxWriteRequestUnits")};
  maximum = units == Units{-1, -1} ? std::nullopt : std::optional(units);
}

void check_not_lower(std::string_view member, std::int64_t requested, std::int64_t current) {
  if (requested >= current) return;
  throw invalid_parameters("Requested " + std::string(member) +
                           " for WarmThroughput is lower than current WarmThroughput. Current: " +
                           std::to_string(current) + ", Requested: " + std::to_string(requested));
}

void read_warm_throughput(json::Json input, BillingMode billing, const Throughput& throughput,
                          std::optional<Units>& warm) {
  const auto requested = input.find("WarmThroughput");
  if (!requested) return;
  auto units = warm_units(billing, throughput, warm);
  const auto raise = [&](std::string_view member, std::int64_t& value) {
    const auto given = requested.find(member);
    if (!given) return;
    check_not_lower(member, given.integer(), value);
    value = given.integer();
  };
  raise("ReadUnitsPerSecond", units.first);
  raise("WriteUnitsPerSecond", units.second);
  warm = units;
}

}  // namespace

std::optional<Units> read_units_of(json::Json throughput) {
  if (!throughput) return std::nullopt;
  return Units{throughput.find("ReadCapacityUnits").integer(), throughput.find("WriteCapacityUnits").integer()};
}

void check_units_bounds(const Units& units, std::string_view index) {
  const auto check = [index](std::string_view member, std::int64_t value) {
    if (value <= kUnitsMax) return;
    const auto where = index.empty() ? std::string() : " for index " + std::string(index);
    throw validation_error("Given value " + std::to_string(value) + " for " + std::string(member) +
                           " is out of bounds" + where);
  };
  check("ReadCapacityUnits", units.first);
  check("WriteCapacityUnits", units.second);
}

Error throughput_of_on_demand() {
  return invalid_parameters(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
}

void check_billing(BillingMode billing, const std::optional<Units>& units) {
  if (billing == BillingMode::pay_per_request && units) throw throughput_of_on_demand();
  if (billing == BillingMode::provisioned && !units) {
    throw invalid_parameters(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  }
}

void read_table_throughput(json::Json input, Table& table) {
  read_on_demand_maximum(input, table.billing, table.on_demand_maximum);
  read_warm_throughput(input, table.billing, table.throughput, table.warm_throughput);
}

void read_index_throughput(json::Json input, BillingMode billing, Index& index) {
  const auto units = read_units_of(input.find("ProvisionedThroughput"));
  if (billing == BillingMode::pay_per_request && units) {
    throw invalid_parameters("ProvisionedThroughput should not be specified for index: " + index.name +
                             " when BillingMode is PAY_PER_REQUEST");
  }
  if (billing == BillingMode::provisioned && !units) {
    throw invalid_parameters("ProvisionedThroughput must be specified for index: " + index.name);
  }
  if (units) {
    index.throughput.read_units = units->first;
    index.throughput.write_units = units->second;
  }
  read_index_maxima(input, billing, index);
}

void read_index_maxima(json::Json input, BillingMode billing, Index& index) {
  read_on_demand_maximum(input, billing, index.on_demand_maximum);
  read_warm_throughput(input, billing, index.throughput, index.warm_throughput);
}

void change_units(Throughput& throughput, const Units& units, double now, std::string_view index) {
  const auto [read, write] = units;
  if (read == throughput.read_units && write == throughput.write_units) throw unchanged(throughput, units, index);
  const bool increases = read > throughput.read_units || write > throughput.write_units;
  const bool decreases = read < throughput.read_units || write < throughput.write_units;
  if (decreases) {
    check_decrease(throughput, now);
    throughput.decreases_today = decreases_today(throughput, now) + 1;
    throughput.last_decrease = now;
  }
  if (increases) throughput.last_increase = now;
  throughput.read_units = read;
  throughput.write_units = write;
}

std::int64_t decreases_today(const Throughput& throughput, double now) {
  return day_of(throughput.last_decrease) == day_of(now) ? throughput.decreases_today : 0;
}

Units warm_units(BillingMode billing, const Throughput& throughput, const std::optional<Units>& requested) {
  const auto least = billing == BillingMode::pay_per_request ? kOnDemandWarmUnits
                                                             : Units{throughput.read_units, throughput.write_units};
  if (!requested) return least;
  return {std::max(least.first, requested->first), std::max(least.second, requested->second)};
}

}  // namespace shoal
