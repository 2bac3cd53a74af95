#include "broadcaster/presence.hpp"

#include <gmock/gmock.h>

#include "tests/unit/service/eventually.hpp"
#include "tests/unit/service/recording_broadcast.hpp"
#include "tests/unit/service/recording_gateway.hpp"

namespace parley::broadcaster {
namespace {

using namespace std::chrono_literals;
using service::eventually;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class PresenceTest : public ::testing::Test {
 protected:
  std::vector<service::Presence> told() {
    std::vector<service::Presence> all;
    for (const auto& batch : gateway_.batches()) {
      EXPECT_EQ(batch.partition, service::kOfNoPartition);
      for (const auto& item : batch.items) all.push_back(std::get<service::Presence>(item));
    }
    return all;
  }

  runtime::Metrics metrics_;
  const runtime::ManualClock clock_{1'767'225'600'000};
  service::RecordingBroadcast next_;
  service::RecordingGateway gateway_;
  Presence presence_{next_, 50ms, clock_, metrics_};
};

TEST_F(PresenceTest, WhatGatewaysSayIsPassedOn) {
  presence_.connect(1, gateway_);
  presence_.attach(1, {"ann"}, 7, 3);
  presence_.typing(1, {"ann"}, core::room_id("lobby"));
  presence_.detach(1, {"ann"}, 7);
  presence_.disconnect(1);
  using Broadcast = service::RecordingBroadcast;
  EXPECT_THAT(next_.connects(), ElementsAre(1));
  EXPECT_THAT(next_.attaches(), ElementsAre(Broadcast::Attach{1, "ann", 7, 3}));
  EXPECT_THAT(next_.typings(), SizeIs(1));
  EXPECT_THAT(next_.detaches(), ElementsAre(Broadcast::Detach{1, "ann", 7}));
  EXPECT_THAT(next_.disconnects(), ElementsAre(1));
}

TEST_F(PresenceTest, AWatcherHearsOfComingAndGoing) {
  presence_.connect(1, gateway_);
  presence_.watch(1, 0, {{"ann"}});
  ASSERT_TRUE(eventually([&] { return gateway_.items() == 2; })) << "the answer, and the same when it is certain";
  presence_.attach(1, {"ann"}, 7, 3);
  presence_.detach(1, {"ann"}, 7);
  ASSERT_TRUE(eventually([&] { return gateway_.items() == 4; }));
  const auto all = told();
  EXPECT_TRUE(all[0].unsettled);
  EXPECT_FALSE(all[1].unsettled || all[1].online);
  EXPECT_TRUE(all[2].online);
  EXPECT_FALSE(all[3].online);
  EXPECT_EQ(all[3].last_seen.value, clock_.now_ms());
}

TEST_F(PresenceTest, WhatComesTogetherGoesOutTogether) {
  presence_.connect(1, gateway_);
  std::vector<core::UserId> users;
  for (int i = 0; i < 200; ++i) users.push_back({"user-" + std::to_string(i)});
  presence_.watch(1, 0, users);
  ASSERT_TRUE(eventually([&] { return gateway_.items() == 400; }));
  EXPECT_EQ(gateway_.batches().size(), 2U);
}

TEST_F(PresenceTest, AGatewayThatIsDisconnectedHearsNothingMore) {
  presence_.connect(1, gateway_);
  presence_.watch(1, 0, {{"ann"}});
  presence_.disconnect(1);
  const auto heard = gateway_.items();
  presence_.attach(1, {"ann"}, 7, 3);
  service::RecordingGateway other;
  presence_.connect(2, other);
  presence_.watch(2, 0, {{"ann"}});
  ASSERT_TRUE(eventually([&] { return other.items() == 2; }));
  EXPECT_EQ(gateway_.items(), heard);
}

}  // namespace
}  // namespace parley::broadcaster
