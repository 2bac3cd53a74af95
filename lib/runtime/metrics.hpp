// What a process counts about itself, told in Prometheus' text format.
//
// Operation: a metric is made once, at start, and used through its reference; making it again with the same name and labels
// gives the same one. Concurrency: everything from any thread; counting is one relaxed atomic addition, so a hot path may
// count for each delivery (or add() once for a batch). Ownership: metrics live as long as their Metrics.
#pragma once

#include <prometheus/labels.h>
#include <prometheus/metric_family.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace parley::runtime {

using Labels = prometheus::Labels;

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Of durations, in buckets from 50 us to 10 s that are fixed, so that figures of all parts compare.
class Histogram {
 public:
  static const std::vector<double>& bounds();  // in seconds

  Histogram();
  void observe_us(std::uint64_t microseconds);
  [[nodiscard]] prometheus::ClientMetric::Histogram collect() const;

 private:
  std::vector<std::atomic<std::uint64_t>> buckets_;
  std::atomic<std::uint64_t> sum_us_{0};
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // REQUIRES: one type and one help text for each name.
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help, const Labels& labels = {});
  // Asked for at each scrape, on the scraper's thread. REQUIRES: what they look at outlives the last text().
  void gauge_from(const std::string& name, const std::string& help, const Labels& labels, std::function<double()> value);
  void counter_from(const std::string& name, const std::string& help, const Labels& labels, std::function<double()> value);

  [[nodiscard]] std::string text() const;

 private:
  struct Family;
  Family& family(const std::string& name, const std::string& help, prometheus::MetricType type);

  mutable std::mutex mutex_;  // held to make and to scrape, never to count
  std::map<std::string, std::unique_ptr<Family>> families_;
};

}  // namespace parley::runtime
