#include <gtest/gtest.h>

#include "tests/contract/kafka_broker.hpp"
#include "tests/contract/killed_writer.hpp"

namespace {

class Cleanup : public ::testing::Environment {
 public:
  void TearDown() override { parley::contract::stop_shared_broker(); }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && argv[1] == std::string_view(parley::contract::kWriterRole)) {
    return parley::contract::append_until_killed(argv[2], std::stoull(argv[3]));
  }
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new Cleanup);  // gtest owns it
  return RUN_ALL_TESTS();
}
