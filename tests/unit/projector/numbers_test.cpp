// Channels and users are found by their numbers, by those who may see them.
#include <gmock/gmock.h>

#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const core::UserId alice{"alice"};
const core::UserId bob{"bob"};
// Two that have the same number, and one that only begins like them.
const core::ChannelId one{*core::Uuid::parse("01234567-89ab-8d00-8000-000000000001")};
const core::ChannelId two{*core::Uuid::parse("01234567-89ab-8dff-8000-000000000002")};
const core::ChannelId near{*core::Uuid::parse("01234567-89ab-8e00-8000-000000000003")};

class Numbers : public ::testing::Test {
 protected:
  void say(const core::UserId& user, core::Payload payload) {
    records_.add(sender_.command(user, std::move(payload)));
    partition_.fold(records_.all());
  }
  void group(const core::ChannelId& id, std::vector<core::UserId> members = {}, bool open = false) {
    say(alice,
        core::CreateChannel{.channel = id, .kind = core::ChannelKind::Group, .members = std::move(members), .open = open});
  }
  pb::ReadResponse ask(const core::UserId& caller, const pb::ReadRequest& request) {
    const auto snapshot = partition_.store().snapshot();
    auto response = Queries(*snapshot, caller.text).answer(request);
    EXPECT_TRUE(response && response->status() == pb::READ_STATUS_OK);
    return response.value_or(pb::ReadResponse{});
  }
  std::vector<std::string> channels(const core::UserId& caller, core::IdNumber number) {
    pb::ReadRequest request;
    request.mutable_find_channels()->set_number(number.value);
    std::vector<std::string> ids;
    for (const auto& found : ask(caller, request).found_channels().channels()) ids.push_back(found.id());
    return ids;
  }
  std::vector<std::string> joinable(const core::UserId& caller, core::IdNumber number) {
    pb::ReadRequest request;
    request.mutable_find_channels()->set_number(number.value);
    const auto found = ask(caller, request);
    return {found.found_channels().joinable().begin(), found.found_channels().joinable().end()};
  }
  std::vector<std::string> users(core::IdNumber number) {
    pb::ReadRequest request;
    request.mutable_find_users()->set_number(number.value);
    std::vector<std::string> names;
    for (const auto& found : ask(bob, request).users().users()) names.push_back(found.user() + "=" + found.row().name());
    return names;
  }

  fold::Sender sender_;
  fold::Records records_;
  ReadTables tables_;
  fold::Partition partition_{fold::kControl, &tables_};
};

TEST_F(Numbers, AChannelIsFoundByThoseWhoMaySeeIt) {
  group(one, {bob});
  EXPECT_THAT(channels(alice, core::number_of(one)), ElementsAre(one.bytes()));
  EXPECT_THAT(channels(bob, core::number_of(one)), ElementsAre(one.bytes()));
  EXPECT_THAT(channels({"carol"}, core::number_of(one)), IsEmpty());
  EXPECT_THAT(channels(alice, core::number_of(near)), IsEmpty());
  say(alice, core::DeleteChannel{one});
  EXPECT_THAT(channels(alice, core::number_of(one)), IsEmpty());
}

TEST_F(Numbers, TwoChannelsOfOneNumberAreBothFound) {
  for (const auto& id : {one, two, near}) group(id);
  ASSERT_EQ(core::number_of(one), core::number_of(two));
  EXPECT_THAT(channels(alice, core::number_of(one)), UnorderedElementsAre(one.bytes(), two.bytes()));
  EXPECT_THAT(channels(alice, core::number_of(near)), ElementsAre(near.bytes()));
}

TEST_F(Numbers, AnOpenGroupIsNamedToThoseWhoMayJoinIt) {
  group(one, {}, true);
  group(two);
  EXPECT_THAT(channels(bob, core::number_of(one)), IsEmpty());
  EXPECT_THAT(joinable(bob, core::number_of(one)), ElementsAre(one.bytes()));
  EXPECT_THAT(joinable(alice, core::number_of(one)), IsEmpty());
  say(alice, core::SetBan{.channel = one, .user = bob});
  EXPECT_THAT(joinable(bob, core::number_of(one)), IsEmpty());
  say(alice, core::DeleteChannel{one});
  EXPECT_THAT(joinable({"carol"}, core::number_of(one)), IsEmpty());
}

TEST_F(Numbers, ARoomIsFoundByAnyone) {
  const auto room = core::room_id("lobby");
  say(alice, core::OpenRoom{room, "lobby"});
  EXPECT_THAT(channels({"carol"}, core::number_of(room)), ElementsAre(room.bytes()));
}

TEST_F(Numbers, AUserIsFoundOnceHeHasAProfileAndUntilHeIsErased) {
  EXPECT_THAT(users(core::number_of(alice)), IsEmpty());
  say(alice, core::SetProfile{"Alice", {}});
  say(bob, core::SetProfile{"Bob", {}});
  EXPECT_THAT(users(core::number_of(alice)), ElementsAre("alice=Alice"));
  say(alice, core::SetProfile{"Alice Liddell", {}});
  EXPECT_THAT(users(core::number_of(alice)), ElementsAre("alice=Alice Liddell"));
  say({"root"}, core::EraseUser{alice, 1, 0});
  EXPECT_THAT(users(core::number_of(alice)), IsEmpty());
  EXPECT_THAT(users(core::number_of(bob)), ElementsAre("bob=Bob"));
}

}  // namespace
}  // namespace parley::projector
