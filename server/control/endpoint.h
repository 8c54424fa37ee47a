// What the control interface is made of: functions from a body to an answer. control.cpp lists them.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "server/operations/operation.h"

namespace shoal {

// What is wrong with a request, for the user: becomes HTTP 400.
class ControlError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// `body` is null for a GET or DELETE.
using ControlFunction = nlohmann::json (*)(const Services& services, const nlohmann::json& body);

// For other readers than those of JSON.
using TextFunction = std::string (*)(const Services& services);

std::string metrics(const Services& services);
nlohmann::json health(const Services& services, const nlohmann::json& body);
nlohmann::json show_clock(const Services& services, const nlohmann::json& body);
nlohmann::json advance_clock(const Services& services, const nlohmann::json& body);
nlohmann::json show_faults(const Services& services, const nlohmann::json& body);
nlohmann::json set_faults(const Services& services, const nlohmann::json& body);
nlohmann::json clear_faults(const Services& services, const nlohmann::json& body);
nlohmann::json reset_data(const Services& services, const nlohmann::json& body);
nlohmann::json show_snapshots(const Services& services, const nlohmann::json& body);
nlohmann::json take_snapshot(const Services& services, const nlohmann::json& body);
nlohmann::json restore_snapshot(const Services& services, const nlohmann::json& body);
nlohmann::json drop_snapshots(const Services& services, const nlohmann::json& body);
nlohmann::json show_journal(const Services& services, const nlohmann::json& body);
nlohmann::json begin_journal(const Services& services, const nlohmann::json& body);
nlohmann::json end_journal(const Services& services, const nlohmann::json& body);
nlohmann::json split_table(const Services& services, const nlohmann::json& body);

}  // namespace shoal
