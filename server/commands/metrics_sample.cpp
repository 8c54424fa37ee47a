#include "server/commands/metrics_sample.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace shoal {
namespace {

// name{label="value",...} number
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  std::pair<std::string, Metric> read() {
    const auto name = take_until("{ ");
    Metric metric;
    if (take('{')) {
      while (!take('}')) {
        const auto label = take_until("=");
        expect('=');
        metric.labels[label] = text();
        take(',');
      }
    }
    expect(' ');
    const std::string number(rest_);
    char* end = nullptr;
    metric.value = std::strtod(number.c_str(), &end);
    if (end == number.c_str()) fail();
    return {name, std::move(metric)};
  }

 private:
  [[noreturn]] static void fail() { throw std::runtime_error("that is no text of metrics"); }

  bool take(char what) {
    if (rest_.empty() || rest_.front() != what) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char what) {
    if (!take(what)) fail();
  }
  std::string take_until(std::string_view ends) {
    const auto end = rest_.find_first_of(ends);
    if (end == std::string_view::npos || end == 0) fail();
    std::string taken(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return taken;
  }
  std::string text() {
    expect('"');
    std::string out;
    while (!take('"')) {
      const bool is_escaped = take('\\');
      if (rest_.empty()) fail();
      out += is_escaped && rest_.front() == 'n' ? '\n' : rest_.front();
      rest_.remove_prefix(1);
    }
    return out;
  }

  std::string_view rest_;
};

bool has(const Metric& metric, const Labels& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    const auto found = metric.labels.find(label.first);
    return found != metric.labels.end() && found->second == label.second;
  });
}

template <typename Do>
void each(const MetricsSample& sample, const std::string& name, const Labels& labels, const Do& what) {
  const auto found = sample.find(name);
  if (found == sample.end()) return;
  for (const auto& metric : found->second) {
    if (has(metric, labels)) what(metric);
  }
}

// By upper bound, how many observations were at most that.
std::map<double, double> buckets(const MetricsSample& sample, const std::string& histogram, const Labels& labels) {
  std::map<double, double> found;
  each(sample, histogram + "_bucket", labels, [&](const Metric& metric) {
    const auto bound = metric.labels.find("le");
    if (bound != metric.labels.end()) found[std::strtod(bound->second.c_str(), nullptr)] += metric.value;
  });
  return found;
}

}  // namespace

MetricsSample read_metrics(std::string_view text) {
  MetricsSample sample;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    auto [name, metric] = LineReader(line).read();
    sample[name].push_back(std::move(metric));
  }
  return sample;
}

std::optional<double> value_of(const MetricsSample& sample, const std::string& name, const Labels& labels) {
  std::optional<double> value;
  each(sample, name, labels, [&](const Metric& metric) {
    if (!value) value = metric.value;
  });
  return value;
}

double sum_of(const MetricsSample& sample, const std::string& name, const Labels& labels) {
  double sum = 0;
  each(sample, name, labels, [&](const Metric& metric) { sum += metric.value; });
  return sum;
}

double rate(const MetricsSample& before, const MetricsSample& after, const std::string& name, double seconds,
            const Labels& labels) {
  return (sum_of(after, name, labels) - sum_of(before, name, labels)) / seconds;
}

std::optional<double> quantile(const MetricsSample& before, const MetricsSample& after, const std::string& histogram,
                               const Labels& labels, double q) {
  const auto first = buckets(before, histogram, labels);
  auto counts = buckets(after, histogram, labels);
  for (auto& [bound, count] : counts) {
    if (const auto then = first.find(bound); then != first.end()) count -= then->second;
  }
  if (counts.empty() || counts.rbegin()->second <= 0) return std::nullopt;
  const double wanted = q * counts.rbegin()->second;
  double lower = 0, below = 0;
  for (const auto& [bound, count] : counts) {
    if (count >= wanted && count > below) {
      return std::isinf(bound) ? lower : lower + (bound - lower) * (wanted - below) / (count - below);
    }
    lower = bound;
    below = count;
  }
  return lower;
}

std::set<std::string> values_of_label(const MetricsSample& sample, const std::string& name, const std::string& label) {
  std::set<std::string> values;
  each(sample, name, {}, [&](const Metric& metric) {
    if (const auto found = metric.labels.find(label); found != metric.labels.end()) values.insert(found->second);
  });
  return values;
}

}  // namespace shoal
