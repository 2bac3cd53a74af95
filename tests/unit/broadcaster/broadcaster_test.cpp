#include "broadcaster/broadcaster.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "tests/support/manual_log.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/fold/sender.hpp"
#include "tests/unit/service/recording_gateway.hpp"

namespace parley::broadcaster {
namespace {

using namespace core;
using service::GatewayId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const UserId alice{"alice"};
const UserId bob{"bob"};
constexpr std::uint32_t kPartitions = 2;

// A group of Alice's in that partition.
ChannelId group_in(std::uint32_t partition) {
  for (int i = 0;; ++i)
    if (const auto id = group_id(alice, std::to_string(i)); partition_of(id.slot(), kPartitions) == partition) return id;
}

std::string kind_of(const ChangeBody& body) {
  constexpr const char* kKinds[] = {"posted",     "edited",  "retracted", "reacted",    "pinned",     "joined",
                                    "left",       "created", "updated",   "deleted",    "cursor",     "hidden",
                                    "all-hidden", "banned",  "counted",   "ws-created", "ws-updated", "ws-deleted",
                                    "ws-joined",  "ws-left", "profile",   "erased"};
  return kKinds[body.index()];
}

// An item in words: "posted 3/0", "outcome 3", "attached before 3".
std::string in_words(const service::GatewayItem& item) {
  struct Words {
    std::string operator()(const service::Push& push) const {
      return kind_of(push.change->body) + " " + std::to_string(push.offset) + "/" + std::to_string(push.index);
    }
    std::string operator()(const service::OutcomeReport& report) const {
      return std::string(report.duplicate ? "again " : "outcome ") + std::to_string(report.offset);
    }
    std::string operator()(const service::WordsErased&) const { return "words erased"; }
    std::string operator()(const service::Reached& reached) const { return "before " + std::to_string(reached.next); }
    std::string operator()(const service::Attached& attached) const {
      return "attached before " + std::to_string(attached.next);
    }
    std::string operator()(const service::Typing& typing) const { return typing.user.text + " types"; }
    std::string operator()(const service::Listening& heard) const {
      return (heard.is_room ? "room at " + std::to_string(heard.version.value) : std::string("no room")) + " before " +
             std::to_string(heard.next);
    }
    std::string operator()(const service::Presence& presence) const { return presence.user.text; }
  };
  return std::visit(Words{}, item);
}

class BroadcasterTest : public ::testing::Test {
 protected:
  BroadcasterTest() {
    pipeline_ = std::move(*fold::Pipeline::open(log_, {.partitions = kPartitions, .epoch = 7},
                                                {.dir = dir_.path(),
                                                 .partitions = {0, 1},
                                                 .write_buffer_bytes = 1 << 20,
                                                 .block_cache_bytes = 8 << 20,
                                                 .worker = {.max_records = 100}},
                                                nullptr, &broadcaster_));
    broadcaster_.run_on(*pipeline_);
  }
  void turn() {
    for (const auto& worker : pipeline_->workers())
      for (std::uint32_t i = 0; i < kPartitions; ++i) worker->turn(std::chrono::milliseconds(0));
  }
  CommandId add(const UserId& user, Payload payload, Origin origin = {}, std::string key = "") {
    auto command = sender_.command(user, std::move(payload), std::move(key));
    command.origin = origin;
    log_.add(fold::record_of(command, kPartitions));
    return command.id;
  }
  void add_group(const ChannelId& group, std::vector<UserId> members = {}) {
    add(alice, CreateChannel{.channel = group, .kind = ChannelKind::Group, .members = std::move(members)});
  }
  CommandId add_post(const ChannelId& group, Origin origin = {}, std::string key = "") {
    return add(alice, PostMessage{.channel = group, .text = "hello"}, origin, std::move(key));
  }
  // What came of one partition, batch by batch, without the ends of batches.
  static std::vector<std::vector<std::string>> batches(service::RecordingGateway& gateway, std::uint32_t partition) {
    std::vector<std::vector<std::string>> all;
    for (const auto& batch : gateway.batches()) {
      if (batch.partition != partition) continue;
      std::vector<std::string> words;
      for (const auto& item : batch.items)
        if (!std::holds_alternative<service::Reached>(item)) words.push_back(in_words(item));
      if (!words.empty()) all.push_back(std::move(words));
    }
    return all;
  }

  testing::TempDir dir_{testing::memory_directory()};
  testing::ManualLog log_{kPartitions};
  runtime::Metrics metrics_;
  service::RecordingGateway one_;
  service::RecordingGateway two_;
  Broadcaster broadcaster_{kPartitions, metrics_};
  std::unique_ptr<fold::Pipeline> pipeline_;
  fold::Sender sender_;
  const ChannelId climbing_ = group_in(0);
  const ChannelId sailing_ = group_in(1);
};

TEST_F(BroadcasterTest, EveryPartitionAnswersAnAttachWithWhatTheUserIsInThere) {
  add_group(climbing_, {bob});
  add_post(climbing_);
  add_group(sailing_);
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, bob, 42, 3);
  turn();
  const auto came = one_.batches();
  ASSERT_THAT(came, SizeIs(2));
  for (const auto& batch : came) {
    ASSERT_THAT(batch.items, SizeIs(1));
    const auto& attached = std::get<service::Attached>(batch.items[0]);
    EXPECT_EQ(attached.connection, 42U);
    EXPECT_EQ(attached.shard, 3U);
    if (batch.partition == 0) {
      EXPECT_THAT(attached.channels, ElementsAre(service::Membership{climbing_, {2}, {1}}));
      EXPECT_EQ(attached.next, 2U);
    } else {
      EXPECT_THAT(attached.channels, IsEmpty()) << "sailing is Alice's alone";
      EXPECT_EQ(attached.next, 1U);
    }
  }
}

TEST_F(BroadcasterTest, AnAttachIsAnsweredInThePartitionsOrder) {
  broadcaster_.connect(1, one_);
  add_group(climbing_, {bob});
  turn();
  broadcaster_.attach(1, bob, 42, 0);
  add_post(climbing_);
  turn();
  add_post(climbing_);
  broadcaster_.attach(1, bob, 43, 0);
  turn();
  EXPECT_THAT(batches(one_, 0), ElementsAre(ElementsAre("attached before 1"), ElementsAre("posted 1/0"),
                                            ElementsAre("attached before 2"), ElementsAre("posted 2/0")));
}

TEST_F(BroadcasterTest, AFoldedBatchIsOneBatchForEachGatewayThatHears) {
  add_group(climbing_, {bob});
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.connect(2, two_);
  broadcaster_.attach(1, alice, 1, 0);
  broadcaster_.attach(1, bob, 2, 0);
  turn();
  for (int i = 0; i < 3; ++i) add_post(climbing_);
  turn();
  EXPECT_THAT(batches(one_, 0).back(), ElementsAre("posted 1/0", "posted 2/0", "posted 3/0"));
  EXPECT_THAT(batches(two_, 0), IsEmpty());
}

TEST_F(BroadcasterTest, EveryBatchEndsWithHowFarItHasCome) {
  broadcaster_.connect(1, one_);
  add_group(climbing_);
  add_post(climbing_);
  turn();
  const auto came = one_.batches();
  ASSERT_THAT(came, SizeIs(1)) << "though nobody hears of it";
  ASSERT_THAT(came[0].items, SizeIs(1));
  EXPECT_EQ(std::get<service::Reached>(came[0].items[0]).next, 2U);
}

TEST_F(BroadcasterTest, AnAnswerSaysUpToWhereOneMustHaveHeardAllThatHeAloneIsTold) {
  auto told = [&, place = service::Place{}](const UserId& user) mutable {
    turn();
    broadcaster_.attach(1, user, 1, 0);
    turn();
    const auto came = one_.batches();
    for (const auto& batch : came)
      if (const auto* attached = std::get_if<service::Attached>(&batch.items.front());
          batch.partition == 0 && attached != nullptr)
        place = attached->told;
    return place;
  };
  broadcaster_.connect(1, one_);
  add_post(climbing_);  // there is none
  add_group(climbing_, {bob});
  EXPECT_EQ(told(bob), (service::Place{1, 1})) << "he came in";
  add_post(climbing_);
  EXPECT_EQ(told(bob), (service::Place{1, 1})) << "that is told by the channel's version";
  add(bob, MoveCursor{climbing_, {1}, CursorKind::Read});
  EXPECT_EQ(told(bob), (service::Place{3, 1}));
  EXPECT_EQ(told(alice), (service::Place{3, 1})) << "who wrote that";
  EXPECT_EQ(told({"cid"}), service::Place{});
}

TEST_F(BroadcasterTest, TheSameChangeIsSharedByTheGateways) {
  add_group(climbing_, {bob});
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.connect(2, two_);
  broadcaster_.attach(1, alice, 1, 0);
  broadcaster_.attach(2, bob, 1, 0);
  turn();
  add_post(climbing_);
  turn();
  EXPECT_EQ(std::get<service::Push>(one_.batches().back().items[0]).change,
            std::get<service::Push>(two_.batches().back().items[0]).change);
}

TEST_F(BroadcasterTest, AnOutcomeGoesToTheGatewayThatWaitsAndNoOther) {
  broadcaster_.connect(1, one_);
  broadcaster_.connect(2, two_);
  add_group(climbing_);
  const auto id = add_post(climbing_, {.gateway = 2, .shard = 5});
  add_post(sailing_, {.gateway = 2, .shard = 5});  // there is none: a rejection
  add_post(climbing_, {.gateway = 3, .shard = 5});
  turn();
  EXPECT_THAT(batches(one_, 0), IsEmpty());
  EXPECT_THAT(batches(two_, 0), ElementsAre(ElementsAre("outcome 1")));
  EXPECT_THAT(batches(two_, 1), ElementsAre(ElementsAre("outcome 0")));
  const auto came = two_.batches();
  for (const auto& batch : came) {
    const auto& report = std::get<service::OutcomeReport>(batch.items[0]);
    EXPECT_EQ(report.shard, 5U);
    EXPECT_EQ(report.outcome.status, batch.partition == 0 ? Status::Accepted : Status::Rejected);
    if (batch.partition == 0) EXPECT_EQ(report.command, id);
  }
}

TEST_F(BroadcasterTest, ADuplicatesOutcomeSaysSo) {
  broadcaster_.connect(1, one_);
  add_group(climbing_);
  add_post(climbing_, {.gateway = 1, .shard = 0}, "k");
  add_post(climbing_, {.gateway = 1, .shard = 0}, "k");
  turn();
  EXPECT_THAT(batches(one_, 0), ElementsAre(ElementsAre("outcome 1", "again 2")));
}

TEST_F(BroadcasterTest, ARecordsChangesComeInTheirOrderAndBeforeItsOutcome) {
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, bob, 1, 0);
  turn();
  const auto direct = direct_id(alice, bob);
  const auto partition = partition_of(direct.slot(), kPartitions);
  add(alice, PostMessage{.channel = direct, .direct_to = bob, .text = "hello"}, {.gateway = 1, .shard = 0});
  turn();
  EXPECT_THAT(batches(one_, partition).back(), ElementsAre("created 0/0", "posted 0/1", "outcome 0"));
}

TEST_F(BroadcasterTest, AChangesIndexIsTheSameWhoeverHears) {
  const auto workspace = workspace_id(alice, "w");
  const auto partition = partition_of(workspace.slot(), kPartitions);
  const auto channel = channel_id(workspace, alice, "c");
  add(alice, CreateWorkspace{workspace, "W"});
  add(alice, SetWorkspaceMember{workspace, bob});
  add(alice, CreateChannel{channel, ChannelKind::Public, workspace, "c", "", {}});
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, bob, 1, 0);
  broadcaster_.connect(2, two_);
  broadcaster_.attach(2, alice, 1, 0);
  turn();
  add(alice, DeleteWorkspace{workspace});
  turn();
  EXPECT_THAT(batches(one_, partition).back(), ElementsAre("ws-left 3/2")) << "Bob is in no channel of it";
  EXPECT_THAT(batches(two_, partition).back(), ElementsAre("deleted 3/0", "ws-left 3/1"));
}

TEST_F(BroadcasterTest, WhoMakesAWorkspaceHearsThatHeIsInIt) {
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, alice, 1, 0);
  turn();
  const auto workspace = workspace_id(alice, "w");
  add(alice, CreateWorkspace{workspace, "W"});
  add(alice, UpdateWorkspace{workspace, "X"});
  turn();
  EXPECT_THAT(batches(one_, partition_of(workspace.slot(), kPartitions)).back(), ElementsAre("ws-joined 0/0"));
}

TEST_F(BroadcasterTest, WhoIsDetachedHearsNoMore) {
  add_group(climbing_);
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, alice, 1, 0);
  broadcaster_.detach(1, alice, 1);
  turn();
  add_post(climbing_);
  turn();
  EXPECT_THAT(batches(one_, 0), ElementsAre(ElementsAre("attached before 1")));
}

TEST_F(BroadcasterTest, ThatAMemberTypesIsToldToEveryGatewayThatHearsOfTheChannelOnce) {
  service::RecordingGateway three;
  add_group(climbing_, {bob});
  add_group(sailing_);
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.connect(2, two_);
  broadcaster_.connect(3, three);
  broadcaster_.attach(1, alice, 1, 0);
  broadcaster_.attach(2, bob, 1, 0);
  turn();
  const auto before = three.items();
  broadcaster_.typing(1, alice, climbing_);
  broadcaster_.typing(2, alice, climbing_);
  broadcaster_.typing(1, bob, sailing_);
  broadcaster_.typing(1, alice, group_id(bob, "there is none"));
  turn();
  EXPECT_THAT(batches(one_, 0).back(), ElementsAre("alice types"));
  EXPECT_THAT(batches(two_, 0).back(), ElementsAre("alice types"));
  EXPECT_THAT(batches(two_, 0), SizeIs(2)) << "not again at once";
  EXPECT_THAT(batches(one_, 1), SizeIs(1)) << "Bob is not in there";
  EXPECT_EQ(three.items(), before);
}

TEST_F(BroadcasterTest, NobodyTypesInAnArchivedChannel) {
  add_group(climbing_, {bob});
  add(alice, UpdateChannel{.channel = climbing_, .archived = true});
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, alice, 1, 0);
  broadcaster_.typing(1, bob, climbing_);
  turn();
  EXPECT_THAT(batches(one_, 0), ElementsAre(ElementsAre("attached before 2")));
}

// --- rooms
class BroadcasterRooms : public BroadcasterTest {
 protected:
  BroadcasterRooms() {
    broadcaster_.connect(1, one_);
    broadcaster_.attach(1, bob, 1, 0);
    broadcaster_.connect(2, two_);
    turn();
  }
  std::vector<std::string> last(service::RecordingGateway& gateway) { return batches(gateway, partition_).back(); }

  const ChannelId lobby_ = room_id("lobby");
  const std::uint32_t partition_ = partition_of(lobby_.slot(), kPartitions);
};

TEST_F(BroadcasterRooms, AreHeardFromTheAnswerOnByThoseWhoListen) {
  broadcaster_.listen(1, lobby_, 1, 0);
  turn();
  EXPECT_THAT(last(one_), ElementsAre("no room before 0"));
  add(alice, OpenRoom{lobby_, "lobby"});
  add_post(lobby_);
  turn();
  EXPECT_THAT(last(one_), ElementsAre("no room before 0")) << "it was not there to be listened to";
  broadcaster_.listen(1, lobby_, 1, 0);
  add_post(lobby_);
  turn();
  const auto came = batches(one_, partition_);
  EXPECT_THAT(came[came.size() - 2], ElementsAre("room at 2 before 2"));
  EXPECT_THAT(came.back(), ElementsAre("posted 2/0"));
  EXPECT_THAT(batches(two_, partition_), IsEmpty());
}

TEST_F(BroadcasterRooms, AreHeardOfAsLongAsOneConnectionOfTheGatewayListens) {
  add(alice, OpenRoom{lobby_, "lobby"});
  turn();
  broadcaster_.attach(1, alice, 2, 0);
  for (int i = 0; i < 2; ++i) broadcaster_.listen(1, lobby_, 1, 0);
  broadcaster_.listen(1, lobby_, 2, 0);
  broadcaster_.unlisten(1, lobby_, 1);
  broadcaster_.unlisten(1, lobby_, 1);
  turn();
  add_post(lobby_);
  turn();
  EXPECT_THAT(last(one_), ElementsAre("posted 1/0"));
  broadcaster_.detach(1, alice, 2);
  turn();
  add_post(lobby_);
  turn();
  EXPECT_THAT(last(one_), ElementsAre("posted 1/0")) << "that was the last who listened";
}

TEST_F(BroadcasterRooms, AreRoomsAndNoOtherChannels) {
  add_group(climbing_);
  turn();
  broadcaster_.listen(1, climbing_, 1, 0);
  turn();
  EXPECT_THAT(batches(one_, 0).back(), ElementsAre("no room before 1"));
  add_post(climbing_);
  turn();
  EXPECT_THAT(batches(one_, 0).back(), ElementsAre("no room before 1"));
}

TEST_F(BroadcasterRooms, AnyoneMayTypeIn) {
  add(alice, OpenRoom{lobby_, "lobby"});
  turn();
  broadcaster_.listen(1, lobby_, 1, 0);
  broadcaster_.typing(2, alice, lobby_);
  turn();
  EXPECT_THAT(last(one_), ElementsAre("alice types"));
}

TEST_F(BroadcasterTest, AnAttachOfAGatewayThatIsNotConnectedIsNobodys) {
  broadcaster_.attach(9, alice, 1, 0);
  broadcaster_.detach(9, alice, 1);
  turn();
  EXPECT_EQ(broadcaster_.gateways(), 0U);
}

TEST_F(BroadcasterTest, AGatewayThatConnectsAgainIsForgottenFirst) {
  add_group(climbing_);
  turn();
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, alice, 1, 0);
  turn();
  broadcaster_.connect(1, two_);
  add_post(climbing_, {.gateway = 1, .shard = 0});
  turn();
  EXPECT_THAT(batches(one_, 0), ElementsAre(ElementsAre("attached before 1")));
  EXPECT_THAT(batches(two_, 0), ElementsAre(ElementsAre("outcome 1"))) << "nobody is attached there yet";
}

TEST_F(BroadcasterTest, ADisconnectWaitsUntilNothingIsDeliveredAnyMore) {
  add_group(climbing_);
  broadcaster_.connect(1, one_);
  broadcaster_.attach(1, alice, 1, 0);
  turn();
  pipeline_->start();
  broadcaster_.disconnect(1);
  const auto before = one_.items();
  EXPECT_EQ(broadcaster_.gateways(), 0U);
  pipeline_->stop();
  add_post(climbing_, {.gateway = 1, .shard = 0});
  turn();
  EXPECT_EQ(one_.items(), before);
}

}  // namespace
}  // namespace parley::broadcaster
