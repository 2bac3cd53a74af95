#include "runtime/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace parley::runtime {

using prometheus::ClientMetric;
using prometheus::MetricType;

const std::vector<double>& Histogram::bounds() {
  static const std::vector<double> seconds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                           0.05,    0.1,    0.25,    0.5,    1,     2.5,    5,     10};
  return seconds;
}

Histogram::Histogram() : buckets_(bounds().size() + 1) {}

void Histogram::observe_us(std::uint64_t microseconds) {
  const double seconds = static_cast<double>(microseconds) / 1e6;
  const auto bucket = std::ranges::lower_bound(bounds(), seconds) - bounds().begin();
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(microseconds, std::memory_order_relaxed);
}

ClientMetric::Histogram Histogram::collect() const {
  ClientMetric::Histogram result;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    cumulative += buckets_[i].load(std::memory_order_relaxed);
    const double bound = i < bounds().size() ? bounds()[i] : std::numeric_limits<double>::infinity();
    result.bucket.push_back({cumulative, bound});
  }
  result.sample_count = cumulative;
  result.sample_sum = static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6;
  return result;
}

struct Metrics::Family {
  std::string help;
  MetricType type;
  std::map<Labels, std::unique_ptr<Counter>> counters;
  std::map<Labels, std::unique_ptr<Gauge>> gauges;
  std::map<Labels, std::unique_ptr<Histogram>> histograms;
  std::map<Labels, std::function<double()>> asked;

  template <class Metric>
  static Metric& in(std::map<Labels, std::unique_ptr<Metric>>& metrics, const Labels& labels) {
    auto& metric = metrics[labels];
    if (!metric) metric = std::make_unique<Metric>();
    return *metric;
  }

  [[nodiscard]] prometheus::MetricFamily collect(const std::string& name) const {
    prometheus::MetricFamily result{.name = name, .help = help, .type = type, .metric = {}};
    for (const auto& [labels, counter] : counters) add(result, labels).counter.value = static_cast<double>(counter->value());
    for (const auto& [labels, gauge] : gauges) add(result, labels).gauge.value = static_cast<double>(gauge->value());
    for (const auto& [labels, histogram] : histograms) add(result, labels).histogram = histogram->collect();
    for (const auto& [labels, value] : asked) {
      auto& metric = add(result, labels);
      (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value();
    }
    return result;
  }

  static ClientMetric& add(prometheus::MetricFamily& family, const Labels& labels) {
    ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [name, value] : labels) metric.label.push_back({name, value});
    return metric;
  }
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Family& Metrics::family(const std::string& name, const std::string& help, MetricType type) {
  auto& family = families_[name];
  if (!family) family = std::make_unique<Family>(Family{help, type, {}, {}, {}, {}});
  if (family->type != type) std::abort();
  return *family;
}

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(mutex_);
  return Family::in(family(name, help, MetricType::Counter).counters, labels);
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(mutex_);
  return Family::in(family(name, help, MetricType::Gauge).gauges, labels);
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(mutex_);
  return Family::in(family(name, help, MetricType::Histogram).histograms, labels);
}

void Metrics::gauge_from(const std::string& name, const std::string& help, const Labels& labels,
                         std::function<double()> value) {
  const std::lock_guard lock(mutex_);
  family(name, help, MetricType::Gauge).asked[labels] = std::move(value);
}

void Metrics::counter_from(const std::string& name, const std::string& help, const Labels& labels,
                           std::function<double()> value) {
  const std::lock_guard lock(mutex_);
  family(name, help, MetricType::Counter).asked[labels] = std::move(value);
}

std::string Metrics::text() const {
  std::vector<prometheus::MetricFamily> collected;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, family] : families_) collected.push_back(family->collect(name));
  }
  return prometheus::TextSerializer().Serialize(collected);
}

}  // namespace parley::runtime
