#include <gtest/gtest.h>

#include "codec/rows.hpp"
#include "store/digest.hpp"
#include "tests/sim/verdict.hpp"
#include "tests/unit/fold/partition.hpp"

namespace parley::sim {

namespace {

service::pb::ReadRequest read_by(const core::UserId& user, std::uint32_t partition) {
  service::pb::ReadRequest request;
  request.set_partition(partition);
  request.set_caller(user.text);
  return request;
}

void judge_messages(System& system, const core::ChannelId& channel, const Room& room) {
  if (room.cursors.empty()) return;
  auto request = read_by(room.cursors.begin()->first, core::partition_of(channel.slot(), system.control().partitions));
  request.mutable_get_messages()->set_channel(std::string(channel.bytes()));
  request.mutable_get_messages()->set_limit(static_cast<std::uint32_t>(room.last_seq + 1));
  const auto response = system.projecting().read(request).value();
  ASSERT_EQ(response.status(), service::pb::READ_STATUS_OK) << channel.text();
  EXPECT_EQ(response.messages().last_seq(), room.last_seq);
  EXPECT_EQ(response.messages().version(), room.version);
  const auto expected = room.messages({room.version});
  ASSERT_EQ(static_cast<std::size_t>(response.messages().messages_size()), expected.size()) << channel.text();
  for (const auto& entry : response.messages().messages()) {
    auto stored = codec::decode_message(channel, {entry.seq()}, entry.row()).value();
    const auto due = expected.at({entry.seq()}).now();
    stored.reply_count = due.reply_count;  // takes no version
    stored.offset = 0;                     // the truth knows no log
    EXPECT_TRUE(stored == due) << channel.text() << " " << entry.seq() << ": " << stored.text;
  }
}

// Every change is told again, and as of each the channel is what it was then.
void judge_past(System& system, const core::ChannelId& channel, const Room& room) {
  if (room.cursors.empty()) return;
  const auto& reader = room.cursors.begin()->first;
  const auto partition = core::partition_of(channel.slot(), system.control().partitions);
  auto request = read_by(reader, partition);
  request.mutable_list_events()->set_channel(std::string(channel.bytes()));
  request.mutable_list_events()->set_limit(static_cast<std::uint32_t>(room.version + 1));
  const auto told = system.projecting().read(request).value();
  ASSERT_EQ(told.status(), service::pb::READ_STATUS_OK) << channel.text();
  ASSERT_EQ(static_cast<std::uint64_t>(told.events().events_size()), room.version) << channel.text();
  for (std::uint64_t version = 1; version <= room.version; ++version) {
    const auto& event = told.events().events(static_cast<int>(version - 1));
    ASSERT_EQ(event.change().version(), version) << channel.text();
    const bool last_of_its_record =
        version == room.version || told.events().events(static_cast<int>(version)).offset() != event.offset();
    if (!last_of_its_record) continue;
    auto then = read_by(reader, partition);
    then.mutable_get_messages()->set_channel(std::string(channel.bytes()));
    then.mutable_get_messages()->set_limit(static_cast<std::uint32_t>(room.last_seq + 1));
    then.mutable_get_messages()->mutable_as_of()->set_next_offset(event.offset() + 1);
    const auto page = system.projecting().read(then).value();
    ASSERT_EQ(page.messages().version(), version) << channel.text();
    const auto expected = room.messages({version});
    ASSERT_EQ(static_cast<std::size_t>(page.messages().messages_size()), expected.size()) << channel.text() << " v" << version;
    for (const auto& entry : page.messages().messages()) {
      const auto message = codec::decode_message(channel, {entry.seq()}, entry.row()).value();
      if (message.retracted) continue;
      const auto was = expected.at({entry.seq()}).now();
      EXPECT_EQ(message.text, was.text) << channel.text() << " " << entry.seq() << " v" << version;
      EXPECT_EQ(message.erased, was.erased) << channel.text() << " " << entry.seq() << " v" << version;
      EXPECT_EQ(message.version, was.version) << channel.text() << " " << entry.seq() << " v" << version;
    }
  }
}

// How far each member says that he is.
void judge_receipts(System& system, const core::ChannelId& channel, const Room& room) {
  if (room.cursors.empty()) return;
  auto request = read_by(room.cursors.begin()->first, core::partition_of(channel.slot(), system.control().partitions));
  request.mutable_list_receipts()->set_channel(std::string(channel.bytes()));
  const auto response = system.projecting().read(request).value();
  std::map<core::UserId, Cursors> told;
  for (const auto& receipt : response.receipts().receipts())
    told[{receipt.user()}] = {receipt.row().read_seq(), receipt.row().delivered_seq()};
  EXPECT_EQ(told, room.cursors) << "the receipts of " << channel.text();
}

struct Unread {
  std::uint64_t messages = 0;
  std::uint64_t mentions = 0;
  bool operator==(const Unread&) const = default;
};
using Inbox = std::map<core::ChannelId, Unread>;

// What is unread of each channel that he is in.
Inbox inbox(System& system, const core::UserId& user) {
  Inbox unread;
  for (std::uint32_t partition = 0; partition < system.control().partitions; ++partition) {
    auto request = read_by(user, partition);
    request.mutable_list_inbox();
    const auto response = system.projecting().read(request).value();
    for (const auto& entry : response.inbox().entries())
      unread[*core::ChannelId::from_bytes(entry.channel().id())] = {entry.channel().row().last_seq() - entry.me().read_seq(),
                                                                    entry.me().mention_count()};
  }
  return unread;
}

void judge_name(System& system, const Truth& truth, const core::UserId& user) {
  auto request = read_by(user, core::partition_of(core::user_stream(user).slot(), system.control().partitions));
  request.mutable_get_user()->set_user(user.text);
  const auto response = system.projecting().read(request).value();
  const auto& name = response.user().row().name();
  EXPECT_EQ(name.empty() ? user.text : name, truth.name(user));
}

}  // namespace

void judge_reads(System& system, const Truth& truth) {
  std::map<core::UserId, Inbox> unread;
  for (const auto& [channel, room] : truth.rooms()) {
    judge_messages(system, channel, room);
    judge_past(system, channel, room);
    judge_receipts(system, channel, room);
    for (const auto& [user, cursors] : room.cursors)
      unread[user][channel] = {room.last_seq - cursors.read, room.unread_mentions(user)};
  }
  for (const auto& client : system.clients()) {
    EXPECT_EQ(inbox(system, client.user()), unread[client.user()]) << "the inbox of " << client.user().text;
    judge_name(system, truth, client.user());
  }
}

// Read with the keys that are left, and with all that ever were: an erasure comes to the same.
void judge_partition(System& system, std::uint32_t partition, const keys::KeyTable& keys) {
  const testing::TempDir dir(testing::memory_directory());
  const auto store = fold::open_store(dir / "anew");
  projector::ReadTables tables;
  auto fold = fold::PartitionFold::open(partition, *store, system.control(), &tables, &keys);
  ASSERT_TRUE(fold) << fold.error();
  std::vector<fold::Step> steps;
  ASSERT_TRUE((*fold)->fold(system.log().records(partition), steps));

  auto anew = fold::digests(*store);
  EXPECT_EQ(fold::digests(system.projecting().folding.pipeline().store(partition)), anew) << "projector, " << partition;
  auto live = fold::digests(system.broadcasting().folding.pipeline().store(partition));
  for (const auto table : fold::kTables) {
    if (table >= fold::Table::UserChannels) continue;  // the projector's alone
    EXPECT_EQ(live[name(table)], anew[name(table)]) << "broadcaster, " << partition << ", " << name(table);
  }
}

void judge_tables(System& system) {
  for (std::uint32_t partition = 0; partition < system.control().partitions; ++partition) {
    if (system.log().records(partition).empty()) continue;  // nothing was ever written
    judge_partition(system, partition, system.key_table());
    judge_partition(system, partition, system.keys().archive());
  }
}

}  // namespace parley::sim
