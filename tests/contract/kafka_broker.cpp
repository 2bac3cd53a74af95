#include "tests/contract/kafka_broker.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace parley::contract {
namespace {

std::unique_ptr<KafkaBroker>& shared() {
  static std::unique_ptr<KafkaBroker> broker;
  return broker;
}

}  // namespace

std::expected<std::unique_ptr<KafkaBroker>, std::string> KafkaBroker::start() {
  std::unique_ptr<KafkaBroker> broker(new KafkaBroker);
  broker->address_ = broker->run("start");
  if (broker->address_.empty()) return std::unexpected("no Kafka broker: kafka.sh, above, says why");
  return broker;
}

KafkaBroker::~KafkaBroker() { (void)run("wipe"); }

std::string KafkaBroker::run(const std::string& command) const {
  const auto line =
      "PARLEY_KAFKA_OWNER=" + std::to_string(::getpid()) + " " PARLEY_KAFKA_SCRIPT " " + command + " " + dir_.path().string();
  std::FILE* output = ::popen(line.c_str(), "re");
  if (output == nullptr) return {};
  std::string printed;
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) printed.push_back(static_cast<char>(c));
  if (::pclose(output) != 0) return {};
  while (!printed.empty() && printed.back() == '\n') printed.pop_back();
  return printed;
}

std::expected<std::string, std::string> shared_broker() {
  if (const char* given = std::getenv("PARLEY_TEST_KAFKA")) return given;
  if (!shared()) {
    auto started = KafkaBroker::start();
    if (!started) return std::unexpected(started.error());
    shared() = std::move(*started);
  }
  return shared()->address();
}

void stop_shared_broker() { shared().reset(); }

std::string fresh_topic() {
  static std::atomic<int> next = 0;
  return "parley.test." + std::to_string(::getpid()) + "." + std::to_string(next++);
}

}  // namespace parley::contract
