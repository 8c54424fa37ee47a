#include "server/commands/command.h"

namespace shoal {
namespace {

constexpr Command kCommands[] = {
    {"check", "Reads a data folder and says whether everything in it agrees", run_check},
    {"dump", "Writes tables as lines of JSON, from this or any other server of DynamoDB's API", run_dump},
    {"health", "Asks a server whether it answers; exits with 1 when it does not", run_health},
    {"load", "Makes the tables of a dump, and puts its items into them", run_load},
};

constexpr std::size_t kNameColumn = 10;

}  // namespace

const Command* find_command(std::string_view name) {
  for (const auto& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string command_summaries() {
  std::string text;
  for (const auto& command : kCommands) {
    text.append("  ").append(command.name).append(kNameColumn - command.name.size(), ' ').append(command.summary);
    text += '\n';
  }
  return text;
}

}  // namespace shoal
