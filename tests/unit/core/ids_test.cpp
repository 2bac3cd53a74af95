#include "core/ids.hpp"

#include <gtest/gtest.h>

namespace parley::core {
namespace {

constexpr std::string_view kText = "00112233-4455-6677-8899-aabbccddeeff";

bool is_version_8(const Uuid& uuid) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(uuid.bytes()[i]); };
  return (byte(6) & 0xF0) == 0x80 && (byte(8) & 0xC0) == 0x80;
}

TEST(Uuid, reads_back_the_text_that_it_writes) {
  const auto uuid = Uuid::parse(kText);
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->text(), kText);
  EXPECT_EQ(uuid->slot(), 0x0011);
}

TEST(Uuid, reads_upper_case_as_the_same_id) {
  EXPECT_EQ(Uuid::parse("00112233-4455-6677-8899-AABBCCDDEEFF"), Uuid::parse(kText));
}

TEST(Uuid, refuses_every_other_form) {
  for (const auto text :
       {"", "00112233445566778899aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff}", "00112233-4455-6677-8899-aabbccddeef",
        "00112233-4455-6677-8899-aabbccddeeff0", "00112233-4455-6677-8899-aabbccddeefg", "001122334-455-6677-8899-aabbccddeeff",
        "urn:uuid:00112233-4455-6677-8899-aabb", "-0112233-4455-6677-8899-aabbccddeeff"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, is_made_of_sixteen_bytes_and_of_no_other_number) {
  const auto uuid = *Uuid::parse(kText);
  EXPECT_EQ(Uuid::from_bytes(uuid.bytes()), uuid);
  EXPECT_FALSE(Uuid::from_bytes(""));
  EXPECT_FALSE(Uuid::from_bytes(uuid.bytes().substr(1)));
  EXPECT_FALSE(Uuid::from_bytes(std::string{uuid.bytes()} + "x"));
}

TEST(Uuid, is_nil_only_when_nothing_is_in_it) {
  EXPECT_TRUE(Uuid{}.is_nil());
  EXPECT_FALSE(Uuid::parse(kText)->is_nil());
}

// Stored logs and other people's clients depend on these very bytes: they may never change. The expected values were made
// with Python's hashlib from the words of the contract.
TEST(Ids, stay_what_the_contract_says_for_ever) {
  const UserId alice{"alice"};
  const UserId bob{"bob"};
  const auto workspace = workspace_id(alice, "k1");
  EXPECT_EQ(workspace.text(), "38ced22b-2ecf-88d9-8e67-01401743afc8");
  EXPECT_EQ(group_id(alice, "k1").text(), "a06b235b-58ab-81d0-bb17-d61f4d1c7df3");
  EXPECT_EQ(channel_id(workspace, alice, "k1").text(), "38cec0eb-aa6e-861e-9c15-1f123ddeebcb");
  EXPECT_EQ(direct_id(bob, alice).text(), "633b607f-9b50-8b62-b93c-234f6217f02a");
  EXPECT_EQ(direct_id(alice, alice).text(), "3318e026-8161-8210-89c9-277d44325857");
  EXPECT_EQ(room_id("lobby").text(), "a34ba869-5c1a-8e8a-928a-25e8c98f995a");
  EXPECT_EQ(user_stream(alice).text(), "ef6843a1-6f13-8448-8b65-08ed754e4d77");
  EXPECT_EQ(name_stream("channels", "General").text(), "43418f93-959b-8d62-aa12-d8ebaacdaf18");
}

TEST(Ids, are_uuids_of_version_8) {
  const UserId alice{"alice"};
  const auto workspace = workspace_id(alice, "k");
  for (const auto& uuid : {workspace.uuid, group_id(alice, "k").uuid, channel_id(workspace, alice, "k").uuid, room_id("r").uuid,
                           user_stream(alice).uuid, name_stream("n", "x").uuid, command_id(1, {2}, 3).uuid}) {
    EXPECT_TRUE(is_version_8(uuid)) << uuid.text();
  }
}

TEST(Ids, put_a_channel_into_the_slot_of_its_workspace) {
  const auto workspace = workspace_id({"alice"}, "k1");
  EXPECT_EQ(channel_id(workspace, {"bob"}, "any").slot(), workspace.slot());
}

TEST(Ids, name_one_direct_channel_whoever_of_the_two_asks) {
  EXPECT_EQ(direct_id({"alice"}, {"bob"}), direct_id({"bob"}, {"alice"}));
}

TEST(Ids, are_not_confused_by_where_one_field_ends_and_the_next_begins) {
  EXPECT_NE(workspace_id({"ab"}, "c"), workspace_id({"a"}, "bc"));
  EXPECT_NE(group_id({"a"}, "k").uuid, workspace_id({"a"}, "k").uuid);
}

TEST(IdNumber, is_made_of_the_front_of_an_id_without_its_version) {
  const auto id = *Uuid::parse("01234567-89ab-8def-8011-223344556677");
  EXPECT_EQ(number_of(id).value, 0x0'1234'5678'9ABDu);
  EXPECT_EQ(number_of(*Uuid::parse("ffffffff-ffff-8fff-bfff-ffffffffffff")), kMaxIdNumber);
  EXPECT_EQ(number_of(*Uuid::parse("00000000-0000-8000-8000-000000000000")).value, 0u);
}

TEST(IdNumber, tells_the_slot_and_with_what_the_id_begins) {
  for (const auto* name : {"a", "b", "c", "d"}) {
    const auto room = room_id(name);
    EXPECT_EQ(slot_of(number_of(room)), room.slot());
    EXPECT_EQ(bytes_of(number_of(room)), room.bytes().substr(0, kNumberedBytes));
    EXPECT_EQ(slot_of(number_of(UserId{name})), user_stream({name}).slot());
    EXPECT_LE(number_of(room), kMaxIdNumber);
  }
}

// They are given to clients, who keep them: these are for ever.
TEST(IdNumber, is_the_same_for_ever) {
  EXPECT_EQ(number_of(UserId{"alice"}).value, 4211697444647220u);
  EXPECT_EQ(number_of(room_id("lobby")).value, 2872725493629358u);
}

TEST(CommandId, tells_its_slot_and_its_time) {
  for (const auto time : {0LL, 1LL, 1'767'225'600'123LL, (1LL << 48) - 1}) {
    for (const auto random : {std::uint64_t{0}, ~std::uint64_t{0}}) {
      const auto id = command_id(0xBEEF, {time}, random);
      EXPECT_EQ(id.slot(), 0xBEEF);
      EXPECT_EQ(time_of(id).value, time);
      EXPECT_TRUE(is_version_8(id.uuid));
    }
  }
}

TEST(CommandId, sorts_by_time_within_its_slot) {
  auto last = command_id(7, {0}, ~std::uint64_t{0});
  for (const std::int64_t time : {1LL, 15LL, 16LL, 65'535LL, 65'536LL, 1'767'225'600'000LL}) {
    const auto id = command_id(7, {time}, 0);
    EXPECT_LT(last, id) << time;
    last = command_id(7, {time}, ~std::uint64_t{0});
  }
}

TEST(CommandId, differs_when_only_the_random_part_does) { EXPECT_NE(command_id(1, {2}, 3), command_id(1, {2}, 4)); }

TEST(Partition, spreads_the_slots_evenly_and_in_order) {
  EXPECT_EQ(partition_of(0, 16), 0u);
  EXPECT_EQ(partition_of(4095, 16), 0u);
  EXPECT_EQ(partition_of(4096, 16), 1u);
  EXPECT_EQ(partition_of(65535, 16), 15u);
  EXPECT_EQ(partition_of(65535, 1), 0u);
}

TEST(UserId, may_be_an_e_mail_address_or_in_any_script) {
  EXPECT_TRUE(UserId::parse("ann@example.org"));
  EXPECT_TRUE(UserId::parse("Ελένη"));
}

TEST(UserId, counts_characters_and_not_bytes_towards_its_limit) {
  std::string longest;
  for (int i = 0; i < 128; ++i) longest += "😀";
  EXPECT_TRUE(UserId::parse(longest));
  EXPECT_FALSE(UserId::parse(longest + "a"));
}

TEST(UserId, has_no_control_characters_and_no_slash) {
  for (const auto text : {"", "a/b", "a\nb", "a\x7F", "a\xC2\x85", "\xFF"}) EXPECT_FALSE(UserId::parse(text)) << text;
}

}  // namespace
}  // namespace parley::core
