#include <gtest/gtest.h>

#include "tests/contract/kafka_broker.hpp"

namespace {

class Cleanup : public ::testing::Environment {
 public:
  void TearDown() override { parley::contract::stop_shared_broker(); }
};

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new Cleanup);  // gtest owns it
  return RUN_ALL_TESTS();
}
