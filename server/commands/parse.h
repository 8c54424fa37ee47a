// How commands read their words. In .cpp files only: CLI11 is heavy.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "server/commands/command.h"

namespace shoal {

// Reads the words into what the app's options refer to; the status to exit with, when help or a mistake ends it there.
inline std::optional<int> parse(CLI::App& app, CommandLine line) {
  app.get_formatter()->column_width(34);
  try {
    app.parse(static_cast<int>(line.size()), line.data());
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s\nSee %s --help.\n", app.get_name().c_str(), error.what(), app.get_name().c_str());
    return 2;
  }
}

}  // namespace shoal
