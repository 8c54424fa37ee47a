#include "storage/destinations.h"

#include <algorithm>

#include "storage/changelog.h"
#include "storage/log_positions.h"

namespace shoal {
namespace {

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

}  // namespace

std::string_view status_name(DestinationStatus status) {
  switch (status) {
    case DestinationStatus::enabling:
      return "ENABLING";
    case DestinationStatus::active:
      return "ACTIVE";
    case DestinationStatus::updating:
      return "UPDATING";
    case DestinationStatus::disabling:
      return "DISABLING";
    case DestinationStatus::disabled:
      break;
  }
  return "DISABLED";
}

std::string log_reader(const KinesisDestination& destination) { return "kinesis " + destination.stream_arn; }

void start_destination(kv::Transaction& transaction, Table& table, KinesisDestination& destination, double end,
                       std::chrono::milliseconds now) {
  start_reader(transaction, table, log_reader(destination), now);
  destination.status = end == 0 ? DestinationStatus::active : DestinationStatus::enabling;
  destination.changed_at = seconds(now);
  destination.transition_at = end;
}

void stop_destination(kv::Transaction& transaction, Table& table, KinesisDestination& destination, double end,
                      bool delivers, std::chrono::milliseconds now) {
  end_reader(transaction, table, log_reader(destination), now);
  destination.status = DestinationStatus::disabling;
  destination.changed_at = seconds(now);
  destination.transition_at = end;
  if (delivers && !is_drained(transaction, table, destination)) {
    destination.transition_at = std::max(end, seconds(now + kDrainMax));
  } else if (end == 0) {
    end_transition(transaction, table, destination, now);
  }
}

void end_transition(kv::Transaction& transaction, Table& table, KinesisDestination& destination,
                    std::chrono::milliseconds now) {
  destination.transition_at = 0;
  if (destination.is_on()) {
    destination.status = DestinationStatus::active;
  } else {
    drop_reader(transaction, table, log_reader(destination), now);
    destination.status = DestinationStatus::disabled;
  }
}

bool is_drained(const kv::Snapshot& snapshot, const Table& table, const KinesisDestination& destination) {
  return positions_of(snapshot, table.id, log_reader(destination)).empty();
}

}  // namespace shoal
