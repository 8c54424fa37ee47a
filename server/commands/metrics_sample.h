// What GET /metrics said at one moment, and what happened between two of them.
//
//   const auto before = read_metrics(text), after = read_metrics(later_text);
//   rate(before, after, "process_cpu_seconds_total", 2.0);   // a second, of two looks two seconds apart
//   quantile(before, after, "shoal_request_duration_seconds", {{"operation", "GetItem"}}, 0.99);   // seconds
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shoal {

using Labels = std::map<std::string, std::string>;

struct Metric {
  Labels labels;
  double value = 0;
};
using MetricsSample = std::map<std::string, std::vector<Metric>>;

// The text format, as far as this server writes it: https://prometheus.io/docs/instrumenting/exposition_formats/
// Throws std::runtime_error when it is something else.
MetricsSample read_metrics(std::string_view text);

// Of the first metric that has all these labels; nothing when there is none.
std::optional<double> value_of(const MetricsSample& sample, const std::string& name, const Labels& labels = {});
// The sum of all that have them.
double sum_of(const MetricsSample& sample, const std::string& name, const Labels& labels = {});
double rate(const MetricsSample& before, const MetricsSample& after, const std::string& name, double seconds,
            const Labels& labels = {});

// Of a histogram's observations between the two, by straight lines within a bucket; nothing when there were none. In
// the last bucket, which has no end, it is where that begins.
std::optional<double> quantile(const MetricsSample& before, const MetricsSample& after, const std::string& histogram,
                               const Labels& labels, double q);

std::set<std::string> values_of_label(const MetricsSample& sample, const std::string& name, const std::string& label);

}  // namespace shoal
