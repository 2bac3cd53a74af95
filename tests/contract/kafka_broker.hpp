// A Kafka broker of the tests' own, run by tests/kafka/kafka.sh: gone with this object, or with the process, however that ends.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "tests/support/temp_dir.hpp"

namespace parley::contract {

class KafkaBroker {
 public:
  static std::expected<std::unique_ptr<KafkaBroker>, std::string> start();
  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  void kill9() { (void)run("kill9"); }
  // On the same port, with what is on its disk.
  void start_again() { (void)run("start"); }

 private:
  KafkaBroker() = default;
  // What the script prints; empty when it fails.
  [[nodiscard]] std::string run(const std::string& command) const;

  testing::TempDir dir_;
  std::string address_;
};

// The broker that PARLEY_TEST_KAFKA names, or else one that is started once for all tests.
std::expected<std::string, std::string> shared_broker();
void stop_shared_broker();

// The name of a topic that no test has used.
std::string fresh_topic();

}  // namespace parley::contract
