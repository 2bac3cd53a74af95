// What was begun is finished, by whoever looks next.
#include "ingest/erasures.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "codec/command_codec.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/ingest/fake_keys.hpp"

namespace parley::ingest {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const core::UserId kAnn{"ann"};

class ErasuresTest : public ::testing::Test {
 protected:
  static constexpr LogIdentity kLog{.partitions = 3, .epoch = 7};

  // Lets the loop run until something is so.
  template <class Done>
  void run_until(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      context_.restart();
      context_.run_for(1ms);
      log_.write();
    }
    ASSERT_TRUE(done());
  }
  // Ann asks to be erased.
  void erase_me() {
    erasures_.serve(door_);
    const auto token =
        auth::issue(tokens_, {.user = kAnn, .issued_at_ms = clock_.now_ms(), .expires_at_ms = clock_.now_ms() + 60'000});
    boost::asio::co_spawn(
        context_,
        door_.handle({.method = "DELETE", .target = "/v1/users/me", .headers = {{"Authorization", "Bearer " + token}}}),
        [this](const std::exception_ptr&, const net::HttpResponse& response) { status_ = response.status; });
    run_until([this] { return !keys_.asked.empty(); });
  }
  [[nodiscard]] std::vector<core::Command> written() {
    std::vector<core::Command> commands;
    for (std::uint32_t partition = 0; partition < kLog.partitions; ++partition)
      for (const auto& record : log_.records(partition)) commands.push_back(*codec::decode_command(record.value));
    return commands;
  }
  void settle_all() {
    for (const auto& command : written())
      writer_.settle({.command = command.id, .shard = 0, .offset = 0, .outcome = {}},
                     core::partition_of(command.stream.slot(), kLog.partitions));
  }

  runtime::Metrics registry_;
  WriterMetrics metrics_{registry_};
  const runtime::ManualClock clock_{1'767'225'600'000};
  boost::asio::io_context context_;
  testing::ManualLog log_{kLog.partitions};
  FakeKeys keys_;
  Writer writer_{context_, 0, 9, log_, kLog, clock_, 8s, metrics_, &keys_};
  Erasures erasures_{context_, writer_, keys_, kLog, registry_, 5ms};
  const auth::VerifierOptions tokens_{.secret = "a secret"};
  const auth::Verifier verifier_{tokens_};
  const std::atomic<bool> open_ = true;
  api::Door door_{{}, verifier_, clock_, registry_, open_};
  std::optional<unsigned> status_;  // of what Ann asked for
};

// As after a crash between the keys and the log.
TEST_F(ErasuresTest, AUserWhoseKeysAreDestroyedIsErasedFromEveryPartitionAtTheNextStart) {
  keys_.put({kAnn, keys::Made{}});
  keys_.put({kAnn, keys::Erasing{}});
  erasures_.start();
  run_until([this] { return !keys_.asked.empty(); });
  keys_.answer(true);
  run_until([this] { return written().size() == kLog.partitions; });
  const auto below = keys_.table().destroyed_below(kAnn);
  std::vector<std::uint32_t> partitions;
  for (const auto& command : written()) {
    const auto& erase = std::get<core::EraseUser>(command.payload);
    EXPECT_EQ(erase.user, kAnn);
    EXPECT_EQ(erase.keys_before, below);
    partitions.push_back(core::partition_of(command.stream.slot(), kLog.partitions));
  }
  EXPECT_THAT(partitions, ElementsAre(0, 1, 2));
  EXPECT_THAT(keys_.asked, IsEmpty()) << "it is over when all have decided";
  settle_all();
  run_until([this] { return !keys_.asked.empty(); });
  keys_.answer(true);
  EXPECT_THAT(keys_.table().erasing(), IsEmpty());
}

TEST_F(ErasuresTest, WhatTheKeysOrTheLogDidNotTakeIsTriedAgain) {
  keys_.put({kAnn, keys::Erasing{}});
  erasures_.start();
  run_until([this] { return !keys_.asked.empty(); });
  keys_.answer(false);
  EXPECT_THAT(written(), IsEmpty());
  run_until([this] { return !keys_.asked.empty(); });
  keys_.answer(true);
  run_until([this] { return written().size() == kLog.partitions; });
}

// Of the key with which he wrote through another process this one has not heard yet.
TEST_F(ErasuresTest, WhoSeemsToHaveWrittenNothingSinceIsNotTakenForItUnseen) {
  keys_.put({kAnn, keys::Made{}});
  keys_.put({kAnn, keys::Erasing{}});
  keys_.put({kAnn, keys::Erased{keys_.table().destroyed_below(kAnn)}});
  erase_me();
  keys_.put({kAnn, keys::Made{}});
  keys_.answer(true);
  run_until([this] { return !keys_.asked.empty(); });
  EXPECT_TRUE(std::holds_alternative<keys::Erasing>(keys_.asked.front().record.what));
  keys_.answer(true);
  run_until([this] { return written().size() == kLog.partitions; });
  settle_all();
  run_until([this] { return !keys_.asked.empty(); });
  keys_.answer(true);
  run_until([this] { return status_.has_value(); });
  EXPECT_EQ(status_, 204U);
  EXPECT_FALSE(keys_.table().current(kAnn));
}

TEST_F(ErasuresTest, WhoseKeysMayBeDestroyedIsNotToldThatNothingWasDone) {
  keys_.put({kAnn, keys::Made{}});
  erase_me();
  keys_.answer(keys::Told::Unknown);
  run_until([this] { return status_.has_value(); });
  EXPECT_EQ(status_, 202U);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(ErasuresTest, WhoseKeysAreThereStillIsToldThatNothingWasDone) {
  keys_.put({kAnn, keys::Made{}});
  erase_me();
  keys_.answer(keys::Told::Refused);
  run_until([this] { return status_.has_value(); });
  EXPECT_EQ(status_, 503U);
}

TEST_F(ErasuresTest, NobodyIsErasedWhoNeedNotBe) {
  keys_.put({kAnn, keys::Made{}});
  erasures_.start();
  for (int turn = 0; turn < 20; ++turn) context_.run_for(2ms);
  EXPECT_THAT(keys_.asked, IsEmpty());
  EXPECT_THAT(written(), IsEmpty());
}

}  // namespace
}  // namespace parley::ingest
