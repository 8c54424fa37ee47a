// What `shoal` does besides serving: `shoal check`, `shoal health`, each in the file of its name.
//
//   if (const auto* command = find_command("check")) return command->run({argc - 1, argv + 1});
//
// To add one: its file, its line in command.cpp, its test.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace shoal {

// The words after `shoal`, the command's own name first. What it returns is the process's exit status.
using CommandLine = std::span<const char* const>;

struct Command {
  std::string_view name;
  std::string_view summary;  // One line of `shoal --help`.
  int (*run)(CommandLine line);
};

const Command* find_command(std::string_view name);  // Null: there is none.
// "there is no command sead; did you mean seed?"
std::string no_such_command(std::string_view name);
std::string command_summaries();  // A line for each, for `shoal --help`.

int run_check(CommandLine line);
int run_dump(CommandLine line);
int run_health(CommandLine line);
int run_load(CommandLine line);
int run_seed(CommandLine line);
int run_top(CommandLine line);

}  // namespace shoal
