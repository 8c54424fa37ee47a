// shoal top: what a server is doing, again and again, from what it tells Prometheus.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <thread>

#include "server/commands/metrics_sample.h"
#include "server/commands/parse.h"
#include "server/outgoing/http_client.h"

namespace shoal {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kTimeout{10};
constexpr double kIntervalMax = 3600;
constexpr std::size_t kTablesShown = 15;
constexpr const char* kSeconds = "shoal_request_duration_seconds";
constexpr const char* kFailures = "shoal_request_errors_total";

struct Moment {
  steady_clock::time_point at;
  MetricsSample sample;
};

Moment look(HttpClient& client) {
  const auto reply = client.get("/metrics", {}, kTimeout);
  if (reply.status != 200) throw std::runtime_error("/metrics answers HTTP " + std::to_string(reply.status));
  return {steady_clock::now(), read_metrics(reply.body)};
}

[[gnu::format(printf, 2, 3)]] void add(std::string& text, const char* format, ...) {
  char line[256];
  va_list words;
  va_start(words, format);
  std::vsnprintf(line, sizeof line, format, words);
  va_end(words);
  text += line;
}

std::string bytes(double count) {
  static constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; count >= 1000 && unit + 1 < std::size(kUnits); ++unit) count /= 1024;
  std::string text;
  add(text, unit == 0 ? "%.0f %s" : "%.1f %s", count, kUnits[unit]);
  return text;
}

std::string milliseconds(std::optional<double> seconds) {
  if (!seconds) return "-";
  std::string text;
  add(text, "%.2f", *seconds * 1000);
  return text;
}

void add_operations(std::string& text, const Moment& before, const Moment& now, double seconds) {
  std::vector<std::pair<double, std::string>> busiest;
  const auto count = std::string(kSeconds) + "_count";
  for (const auto& operation : values_of_label(now.sample, count, "operation")) {
    const auto per_second = rate(before.sample, now.sample, count, seconds, {{"operation", operation}});
    if (per_second > 0) busiest.emplace_back(per_second, operation);
  }
  std::sort(busiest.rbegin(), busiest.rend());
  add(text, "\n%-28s %10s %10s %10s %10s\n", "operation", "a second", "p50 ms", "p99 ms", "errors/s");
  for (const auto& [per_second, operation] : busiest) {
    const Labels labels{{"operation", operation}};
    add(text, "%-28s %10.1f %10s %10s %10.1f\n", operation.c_str(), per_second,
        milliseconds(quantile(before.sample, now.sample, kSeconds, labels, 0.5)).c_str(),
        milliseconds(quantile(before.sample, now.sample, kSeconds, labels, 0.99)).c_str(),
        rate(before.sample, now.sample, kFailures, seconds, labels));
  }
  if (busiest.empty()) text += "none\n";
  for (const auto& type : values_of_label(now.sample, kFailures, "type")) {
    const auto per_second = rate(before.sample, now.sample, kFailures, seconds, {{"type", type}});
    if (per_second > 0) add(text, "  %-26s %10.1f\n", type.c_str(), per_second);
  }
}

void add_tables(std::string& text, const MetricsSample& sample) {
  const auto found = sample.find("shoal_table_bytes");
  auto tables = found == sample.end() ? std::vector<Metric>() : found->second;
  std::sort(tables.begin(), tables.end(), [](const Metric& a, const Metric& b) { return a.value > b.value; });
  add(text, "\n%-28s %10s %10s   %s\n", "table", "items", "size", "account, region");
  for (std::size_t i = 0; i < std::min(tables.size(), kTablesShown); ++i) {
    const auto& labels = tables[i].labels;
    add(text, "%-28s %10.0f %10s   %s, %s\n", labels.at("table").c_str(),
        value_of(sample, "shoal_table_items", labels).value_or(0), bytes(tables[i].value).c_str(),
        labels.at("account").c_str(), labels.at("region").c_str());
  }
  if (tables.size() > kTablesShown) add(text, "and %zu more\n", tables.size() - kTablesShown);
  if (tables.empty()) text += "none\n";
}

std::string report(const std::string& url, const Moment& before, const Moment& now) {
  const double seconds = std::chrono::duration<double>(now.at - before.at).count();
  const auto per_second = [&](const char* name) { return rate(before.sample, now.sample, name, seconds); };
  const auto value = [&](const char* name) { return value_of(now.sample, name).value_or(0); };
  const auto commits = per_second("shoal_writer_commits_total");
  std::string text;
  add(text, "Shoal at %s: %.0f connections, CPU %.0f %%, memory %s\n", url.c_str(), value("shoal_connections"),
      per_second("process_cpu_seconds_total") * 100, bytes(value("process_resident_memory_bytes")).c_str());
  add(text, "writer: %.0f %% busy, %.0f waiting, %.1f writes a commit, %s in the log only\n",
      per_second("shoal_writer_busy_seconds_total") * 100, value("shoal_writer_queue_length"),
      commits > 0 ? per_second("shoal_writer_writes_total") / commits : 0,
      bytes(value("shoal_log_unapplied_bytes")).c_str());
  add_operations(text, before, now, seconds);
  add_tables(text, now.sample);
  return text;
}

void show(const std::string& url, std::chrono::duration<double> interval, unsigned reports) {
  const auto where = parse_http_url(url);
  if (!where) throw std::runtime_error("not a URL: " + url);
  HttpClient client(*where);
  const bool at_terminal = isatty(STDOUT_FILENO) != 0;
  auto before = look(client);
  for (unsigned shown = 0; reports == 0 || shown < reports; ++shown) {
    std::this_thread::sleep_for(interval);
    auto now = look(client);
    std::printf("%s%s", at_terminal ? "\x1b[H\x1b[J" : shown > 0 ? "\n" : "", report(url, before, now).c_str());
    std::fflush(stdout);
    before = std::move(now);
  }
}

}  // namespace

int run_top(CommandLine line) {
  std::string url = "http://127.0.0.1:8000";
  double interval = 2;
  unsigned reports = isatty(STDOUT_FILENO) != 0 ? 0 : 1;
  CLI::App app("Shows what a server is doing: requests, times, errors, the writer, the tables. Ends with Ctrl-C.",
               "shoal top");
  app.add_option("--url", url, "Where it is")->type_name("URL")->capture_default_str();
  app.add_option("--interval", interval, "Seconds from one look to the next")->capture_default_str();
  app.add_option("--count", reports, "Looks, 0: without end, which is so on a terminal; else one");
  if (const auto status = parse(app, line)) return *status;
  if (!(interval > 0 && interval <= kIntervalMax)) {
    std::fprintf(stderr, "shoal top: --interval takes seconds, up to an hour\n");
    return 2;
  }
  try {
    show(url, std::chrono::duration<double>(interval), reports);
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shoal top: %s\n", failure.what());
    return 1;
  }
}

}  // namespace shoal
