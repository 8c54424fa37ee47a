// shoal check: whether everything in a data folder agrees (storage/check). The folder is opened as a server does it, so
// what a killed one left in its log is taken over first, and a folder that a server has open is refused.
#include <unistd.h>

#include <filesystem>

#include "server/commands/parse.h"
#include "storage/catalog.h"
#include "storage/check/consistency.h"
#include "storage/kv/lmdb/engine.h"

namespace shoal {
namespace {

constexpr std::uint64_t kProblemsShown = 100;

std::string summary(const Consistency& seen) {
  return std::to_string(seen.tables) + " tables, " + std::to_string(seen.items) + " items, " +
         std::to_string(seen.entries) + " index entries, " + std::to_string(seen.changes) + " change records";
}

Consistency check(const std::string& folder) {
  if (!std::filesystem::exists(std::filesystem::path(folder) / "format")) {
    throw std::runtime_error(folder + " holds no data of Shoal's");
  }
  const auto engine = kv::open_lmdb(folder);
  const Catalog catalog(*engine);
  std::uint64_t told = 0;
  const bool at_terminal = isatty(STDERR_FILENO) != 0;
  const auto problem = [&told](const std::string& text) {
    if (++told <= kProblemsShown) std::printf("%s\n", text.c_str());
    if (told == kProblemsShown) std::printf("... and maybe more, which are counted only\n");
  };
  const auto progress = [at_terminal](const Consistency& seen) {
    std::fprintf(stderr, "%s%s so far%s", at_terminal ? "\r" : "", summary(seen).c_str(), at_terminal ? "" : "\n");
  };
  const auto seen = check_consistency(*engine->snapshot(), catalog.all(), Clock().now(), problem, progress);
  if (at_terminal && seen.items + seen.entries + seen.changes > 0) std::fputs("\r\x1b[K", stderr);
  return seen;
}

}  // namespace

int run_check(CommandLine line) {
  std::string folder = "shoal-data";
  CLI::App app(
      "Reads every record of a data folder and says what does not agree: indexes with their tables, counts with what "
      "is "
      "there, streams with the items. Exits with 0 when everything does, with 1 when not, with 2 when it cannot tell.",
      "shoal check");
  app.add_option("--data-dir", folder, "Folder that the data is kept in; no server may have it open")
      ->envname("SHOAL_DATA_DIR")
      ->check(CLI::ExistingDirectory)
      ->type_name("FOLDER")
      ->capture_default_str();
  if (const auto status = parse(app, line)) return *status;
  try {
    const auto seen = check(folder);
    std::printf("%s: %s\n", summary(seen).c_str(),
                seen.problems == 0 ? "everything agrees" : (std::to_string(seen.problems) + " problems").c_str());
    return seen.problems == 0 ? 0 : 1;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shoal check: %s\n", failure.what());
    return 2;
  }
}

}  // namespace shoal
