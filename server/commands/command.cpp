#include "server/commands/command.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

namespace shoal {
namespace {

constexpr Command kCommands[] = {
    {"check", "Reads a data folder and says whether everything in it agrees", run_check},
    {"dump", "Writes tables as lines of JSON, from this or any other server of DynamoDB's API", run_dump},
    {"health", "Asks a server whether it answers; exits with 1 when it does not", run_health},
    {"load", "Makes the tables of a dump, and puts its items into them", run_load},
    {"seed", "Makes tables and items from JSON, CSV, CloudFormation and Terraform files", run_seed},
    {"top", "Shows what a server is doing, again and again", run_top},
};

constexpr std::size_t kNameColumn = 10;
constexpr std::size_t kSlips = 2;  // As many, and a word may be meant for another.

// Levenshtein's: how many letters are to be put in, taken out or changed.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

const Command* find_command(std::string_view name) {
  for (const auto& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string no_such_command(std::string_view name) {
  const auto nearest = std::min_element(std::begin(kCommands), std::end(kCommands), [&](const auto& a, const auto& b) {
    return distance(name, a.name) < distance(name, b.name);
  });
  std::string text("there is no command ");
  text.append(name);
  if (distance(name, nearest->name) <= kSlips) text.append("; did you mean ").append(nearest->name).append("?");
  return text;
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
