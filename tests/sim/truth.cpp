#include "tests/sim/truth.hpp"

#include <gtest/gtest.h>

#include "codec/change_codec.hpp"
#include "codec/client_text.hpp"
#include "codec/position.hpp"
#include "codec/seal.hpp"

namespace parley::sim {

using namespace core;

Truth::Truth(const testing::ManualLog& log, const codec::Control& control, const keys::KeyTable& keys)
    : epoch_(control.epoch), steps_(control.partitions) {
  for (std::uint32_t partition = 0; partition < control.partitions; ++partition) {
    World world({.dedup_window_ms = control.dedup_window_ms});
    for (const auto& record : log.records(partition)) {
      auto command = codec::decode_command(record.value);
      if (!command || record.type == codec::kControlType) continue;
      if (command->sealed.key != 0) {
        const auto key = keys.find(command->user, command->sealed.key);
        if (!codec::open(*command, std::get<codec::BodyKey>(key))) ADD_FAILURE() << "a body that can't be opened";
      }
      auto decision = world.run(*command);
      for (const auto& change : decision.changes) follow(partition, record.offset, change);
      steps_[partition].emplace(record.offset, Step{std::move(*command), std::move(decision)});
    }
  }
}

void Truth::follow(std::uint32_t partition, std::uint64_t offset, const Change& change) {
  for (const auto& member : codec::member_changes(change)) follow(partition, offset, member);
  auto to = hearers(change);
  if (!codec::is_client_change(change)) return;
  std::string text;
  codec::append_event(text, change, codec::Position{epoch_, partition, offset + 1}.text());
  tellings_.push_back({partition, offset, std::move(text), std::move(to)});
}

// Everyone in the channel, him included whom the change brings or takes away; and keeps the books.
std::set<UserId> Truth::hearers(const Change& change) {
  std::set<UserId> to;
  if (const auto* joined = std::get_if<WorkspaceMemberJoined>(&change.body)) return {joined->user};
  if (const auto* left = std::get_if<WorkspaceMemberLeft>(&change.body)) return {left->user};
  if (const auto* cursor = std::get_if<CursorMoved>(&change.body)) {
    rooms_[change.channel()].read[cursor->user] = cursor->member.read_seq.value;
    to.insert(cursor->user);
    if (cursor->author) to.insert(*cursor->author);
    return to;
  }
  if (!codec::is_client_change(change)) return to;

  auto& room = rooms_[change.channel()];
  room.version = change.version.value;
  if (const auto* created = std::get_if<ChannelCreated>(&change.body))
    for (const auto& [user, member] : created->members) room.read[user] = member.read_seq.value;
  if (const auto* joined = std::get_if<MemberJoined>(&change.body); joined != nullptr && !joined->again)
    room.read[joined->user] = joined->member.read_seq.value;
  for (const auto& [user, read] : room.read) to.insert(user);
  if (const auto* left = std::get_if<MemberLeft>(&change.body)) room.read.erase(left->user);
  const auto becomes = [&](const Message& message) { room.forms[change.version] = message; };
  if (const auto* posted = std::get_if<MessagePosted>(&change.body)) {
    room.last_seq = posted->message.seq.value;
    room.read[posted->message.author] = room.last_seq;
    texts_.insert(posted->message.text);
    becomes(posted->message);
  }
  if (const auto* edited = std::get_if<MessageEdited>(&change.body)) becomes(edited->message);
  if (const auto* retracted = std::get_if<MessageRetracted>(&change.body)) becomes(retracted->message);
  if (std::holds_alternative<ChannelDeleted>(change.body)) deleted_.insert(rooms_.extract(change.channel()));
  return to;
}

const Truth::Step* Truth::step(std::uint32_t partition, std::uint64_t offset) const {
  const auto found = steps_.at(partition).find(offset);
  return found == steps_[partition].end() ? nullptr : &found->second;
}

std::vector<std::string> Truth::told(const UserId& user, std::uint32_t partition, std::uint64_t from) const {
  std::vector<std::string> texts;
  for (const auto& telling : tellings_)
    if (telling.partition == partition && telling.offset >= from && telling.to.contains(user)) texts.push_back(telling.text);
  return texts;
}

std::size_t Truth::times_posted(const std::string& text) const { return texts_.count(text); }

const Room* Truth::room(const ChannelId& channel) const {
  if (const auto found = rooms_.find(channel); found != rooms_.end()) return &found->second;
  const auto found = deleted_.find(channel);
  return found == deleted_.end() ? nullptr : &found->second;
}

std::map<Seq, Message> Truth::messages(const ChannelId& channel, Version at) const {
  std::map<Seq, Message> messages;
  const auto* const found = room(channel);
  if (found == nullptr) return messages;
  for (const auto& [version, message] : found->forms)
    if (version <= at) messages[message.seq] = message;
  return messages;
}

}  // namespace parley::sim
