// GET /metrics (and /_shoal/metrics): what Prometheus scrapes. docs/operations.md says what each name means.
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <ctime>
#include <deque>
#include <fstream>
#include <limits>
#include <sstream>

#include "config/config.h"
#include "server/control/endpoint.h"

namespace shoal {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Families {
 public:
  MetricFamily& family(const std::string& name, MetricType type, const std::string& help) {
    all_.push_back({name, help, type, {}});
    return all_.back();
  }
  void gauge(const std::string& name, const std::string& help, double value) {
    add_gauge(family(name, MetricType::Gauge, help), {}, value);
  }
  void counter(const std::string& name, const std::string& help, double value) {
    add_counter(family(name, MetricType::Counter, help), {}, value);
  }
  static void add_gauge(MetricFamily& family, Labels labels, double value) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    metric.gauge.value = value;
  }
  static void add_counter(MetricFamily& family, Labels labels, double value) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    metric.counter.value = value;
  }
  std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, {all_.begin(), all_.end()});
    return out.str();
  }

 private:
  std::deque<MetricFamily> all_;  // Whose elements stay where they are.
};

void add_requests(Families& families, const std::vector<RequestMetrics::Total>& totals) {
  auto& seconds = families.family("shoal_request_duration_seconds", MetricType::Histogram,
                                  "Time from a whole request to its answer, by operation");
  for (const auto& total : totals) {
    ClientMetric metric;
    metric.label = {{"operation", total.operation}};
    std::uint64_t counted = 0;
    for (std::size_t i = 0; i < total.counts.size(); ++i) {
      counted += total.counts[i];
      const double bound =
          i < RequestMetrics::kBounds.size() ? RequestMetrics::kBounds[i] : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({counted, bound});
    }
    metric.histogram.sample_count = counted;
    metric.histogram.sample_sum = total.seconds;
    if (counted > 0) seconds.metric.push_back(std::move(metric));
  }
  auto& failures = families.family("shoal_request_errors_total", MetricType::Counter,
                                   "Requests that were answered with an error, by operation and the error's type");
  for (const auto& total : totals) {
    for (const auto& [type, count] : total.failures) {
      Families::add_counter(failures, {{"operation", total.operation}, {"type", type}}, static_cast<double>(count));
    }
  }
}

void add_engine(Families& families, const kv::EngineStatistics& engine) {
  families.counter("shoal_writer_busy_seconds_total",
                   "Time spent on committing writes: its rate is the writer's occupancy, 1 when it never rests",
                   std::chrono::duration<double>(engine.committing).count());
  families.gauge("shoal_writer_queue_length", "Writes that wait for the commit under way to end",
                 static_cast<double>(engine.waiting));
  families.counter("shoal_writer_writes_total", "Writes that the writer was handed",
                   static_cast<double>(engine.writes));
  families.counter("shoal_writer_commits_total", "Commits that took them, some together",
                   static_cast<double>(engine.commits));
  families.gauge("shoal_log_unapplied_bytes",
                 "Memory of writes that are durable in the write-ahead log, and nowhere else yet",
                 static_cast<double>(engine.unapplied_bytes));
  families.gauge("shoal_runs", "Files of writes that are to be merged into the data file",
                 static_cast<double>(engine.runs));
  families.gauge("shoal_run_bytes", "Size of these files", static_cast<double>(engine.run_bytes));
}

void add_tables(Families& families, const Services& services) {
  const auto tables = services.catalog.all();
  families.gauge("shoal_tables", "Tables of all accounts and regions", static_cast<double>(tables.size()));
  auto& items = families.family("shoal_table_items", MetricType::Gauge, "Items of a table");
  auto& bytes = families.family("shoal_table_bytes", MetricType::Gauge, "Their size as DynamoDB counts it");
  const auto snapshot = services.engine.snapshot();
  for (const auto& table : tables) {
    const Labels labels{{"account", table->account}, {"region", table->region}, {"table", table->name}};
    const auto count = count_of(*snapshot, table->id);
    Families::add_gauge(items, labels, static_cast<double>(count.items));
    Families::add_gauge(bytes, labels, static_cast<double>(count.bytes));
  }
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

std::string metrics(const Services& services) {
  Families families;
  auto& info = families.family("shoal_info", MetricType::Gauge, "1, with the version");
  Families::add_gauge(info, {{"version", std::string(version())}}, 1);
  add_requests(families, services.requests->totals());
  families.gauge("shoal_connections", "Connections that are open", *services.connections);
  add_engine(families, services.engine.statistics());
  add_tables(families, services);
  families.gauge("process_resident_memory_bytes", "Memory, pages of the data file that the system has cached included",
                 resident_bytes());
  families.counter("process_cpu_seconds_total", "CPU", cpu_seconds());
  return families.text();
}

}  // namespace shoal
