// What every process tells about itself over HTTP: /healthz, /readyz and /metrics.
//
// Concurrency: checks are added before the doors serve, and called on any shard: they must be quick. Ownership: outlives the
// doors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/door.hpp"
#include "fold/pipeline.hpp"

namespace parley::app {

class Status {
 public:
  explicit Status(runtime::Metrics& metrics) : metrics_(metrics) {}
  // Ready when every check says so.
  void check(std::string name, std::function<bool()> ready) { checks_.emplace_back(std::move(name), std::move(ready)); }
  void serve(api::Door& door);

 private:
  boost::asio::awaitable<net::HttpResponse> health(api::Call call);
  boost::asio::awaitable<net::HttpResponse> ready(api::Call call);
  boost::asio::awaitable<net::HttpResponse> metrics(api::Call call);

  runtime::Metrics& metrics_;
  std::vector<std::pair<std::string, std::function<bool()>>> checks_;
};

// Tells how far each partition is, and what the fold decided. REQUIRES: the pipeline outlives the last scrape.
void measure(const fold::Pipeline& pipeline, runtime::Metrics& metrics);
// Tells how many keys there are. REQUIRES: the table outlives the last scrape.
void measure(const keys::KeyTable& keys, runtime::Metrics& metrics);

}  // namespace parley::app
