#include <gtest/gtest.h>

#include <cstdlib>

#include "codec/seal.hpp"
#include "runtime/log.hpp"
#include "tests/sim/tally.hpp"
#include "tests/sim/verdict.hpp"

namespace parley::sim {
namespace {

constexpr std::uint64_t kFirstSeed = 1;
constexpr std::uint64_t kRuns = 100;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const auto* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Simulation, EveryRunKeepsWhatIsPromised) {
  ASSERT_TRUE(runtime::set_up_log({.level = "off"}));
  const auto first = from_environment("PARLEY_SIM_SEED", kFirstSeed);
  const auto runs = from_environment("PARLEY_SIM_RUNS", std::getenv("PARLEY_SIM_SEED") != nullptr ? 1 : kRuns);
  Tally tally;
  for (auto seed = first; seed < first + runs && !HasFailure(); ++seed) {
    SCOPED_TRACE("repeat it with PARLEY_SIM_SEED=" + std::to_string(seed));
    System system(seed);
    system.run();
    if (HasFailure()) return;
    const Truth truth(system.log(), system.control(), system.keys().archive());
    judge_sockets(system, truth);
    judge_answers(system, truth);
    judge_pages(system, truth);
    judge_reads(system, truth);
    judge_erasures(system, truth);
    judge_tables(system);
    tally.add(system, truth);
  }
  if (runs >= kRuns && !HasFailure()) tally.judge();
}

// A record with its words in the clear: keys and nonces are random whatever the seed.
std::string opened(const std::string& record, const keys::KeyTable& keys) {
  auto command = codec::decode_command(record);
  if (!command || command->sealed.key == 0) return record;
  const auto key = keys.await(command->user, command->sealed.key, std::chrono::milliseconds(0));
  if (!codec::open(*command, std::get<codec::BodyKey>(key))) ADD_FAILURE() << "a body that can't be opened";
  command->payload_hash = {};
  return codec::encode(*command);
}

std::vector<std::string> log_of(std::uint64_t seed) {
  System system(seed);
  system.run();
  std::vector<std::string> values;
  for (std::uint32_t partition = 0; partition < system.control().partitions; ++partition)
    for (const auto& record : system.log().records(partition)) values.push_back(opened(record.value, system.keys().archive()));
  return values;
}

TEST(Simulation, TheSameSeedIsTheSameRun) {
  ASSERT_TRUE(runtime::set_up_log({.level = "off"}));
  for (const std::uint64_t seed : {3, 4, 5}) EXPECT_EQ(log_of(seed), log_of(seed)) << seed;
}

}  // namespace
}  // namespace parley::sim
