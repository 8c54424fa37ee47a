#include "config/dynamodb_local.h"

#include <algorithm>
#include <string_view>

namespace shoal {
namespace {

struct Flag {
  std::string_view theirs;
  std::string_view ours;  // Empty: it means nothing here.
  bool has_value = false;
};

constexpr Flag kFlags[] = {
    {"-port", "--port", true},
    {"-inMemory", "--in-memory"},
    {"-sharedDb", "--single-namespace"},
    {"-dbPath", "--data-dir", true},
    {"-cors", "--cors-origin", true},
    {"-delayTransientStatuses", "--table-delay-ms=2000"},
    {"-disableTelemetry", ""},
    {"-optimizeDbBeforeStartup", ""},
    {"-help", "--help"},
    {"-version", "--version"},
    {"-jar", "", true},
};

bool is_for_java(std::string_view word) {
  return word.starts_with("-D") || word.starts_with("-X") || word == "-server" || word == "-client";
}

const Flag* find_flag(std::string_view word) {
  const auto name = word.substr(0, word.find('='));
  const auto* found =
      std::find_if(std::begin(kFlags), std::end(kFlags), [name](const Flag& flag) { return flag.theirs == name; });
  return found == std::end(kFlags) ? nullptr : found;
}

}  // namespace

std::vector<std::string> from_dynamodb_local(const std::vector<std::string>& words) {
  std::vector<std::string> ours;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (is_for_java(word)) continue;
    const auto* flag = find_flag(word);
    if (flag == nullptr) {
      ours.push_back(word);
      continue;
    }
    std::string translated(flag->ours);
    if (const auto equals = word.find('='); equals != std::string::npos) {
      translated += word.substr(equals);
    } else if (flag->has_value && i + 1 < words.size()) {
      translated += "=" + words[++i];
    }
    if (!flag->ours.empty()) ours.push_back(std::move(translated));
  }
  return ours;
}

}  // namespace shoal
