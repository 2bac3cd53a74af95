// What the read models tell a client that comes back, when more has happened since it attached.
#include <gtest/gtest.h>

#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {
namespace {

const core::UserId kAnn{"ann"};
const core::UserId kBob{"bob"};
const core::ChannelId kGroup = core::group_id(kAnn, "g");

class ResumeTest : public ::testing::Test {
 protected:
  ResumeTest() {
    say(kAnn, core::CreateChannel{.channel = kGroup, .kind = core::ChannelKind::Group, .members = {kBob}});
    say(kAnn, core::PostMessage{.channel = kGroup, .text = "one"});
  }
  void say(const core::UserId& user, core::Payload payload) {
    records_.add(sender_.command(user, std::move(payload)));
    partition_.fold(records_.slice(records_.size() - 1, records_.size()));
  }
  void bob_leaves() { say(kBob, core::RemoveChannelMember{kGroup, kBob}); }
  void bob_joins() { say(kAnn, core::SetChannelMember{kGroup, kBob, core::Role::Member}); }
  // For Bob, who was not in it before the record `attached`, and hears live what is from there on.
  pb::ResumeAnswer::Channel resume(std::uint64_t after, std::uint64_t attached) {
    pb::ReadRequest request;
    request.set_caller(kBob.text);
    request.set_min_next_offset(attached);
    request.mutable_resume()->set_limit(100);
    auto& channel = *request.mutable_resume()->add_channels();
    channel.set_id(std::string(kGroup.bytes()));
    channel.set_after(after);
    const auto snapshot = partition_.store().snapshot();
    return Queries(*snapshot, kBob.text).answer(request)->resume().channels(0);
  }

  fold::Sender sender_;
  fold::Records records_;
  ReadTables tables_;
  fold::Partition partition_{fold::kControl, &tables_};
};

TEST_F(ResumeTest, WhoLeftHearsUntilHisLeaving) {
  bob_leaves();
  say(kAnn, core::PostMessage{.channel = kGroup, .text = "without him"});
  const auto answer = resume(1, records_.size());
  EXPECT_FALSE(answer.reset());
  ASSERT_EQ(answer.events_size(), 2);
  EXPECT_TRUE(answer.events(1).change().has_member_left());
}

// He hears it live, and so not before.
TEST_F(ResumeTest, ALeavingFromAfterTheAttachIsNotToldTwice) {
  bob_leaves();
  const auto attached = records_.size();
  bob_joins();
  bob_leaves();
  const auto answer = resume(1, attached);
  EXPECT_EQ(answer.events_size(), 0);
  EXPECT_TRUE(answer.reset());
}

}  // namespace
}  // namespace parley::projector
