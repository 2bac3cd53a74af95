#include "tests/sim/truth.hpp"

#include <gtest/gtest.h>

#include "codec/change_codec.hpp"
#include "codec/client_text.hpp"
#include "codec/position.hpp"
#include "codec/seal.hpp"

namespace parley::sim {

using namespace core;

namespace {

std::string words_of(const Payload& payload) {
  if (const auto* post = std::get_if<PostMessage>(&payload)) return post->text;
  if (const auto* edit = std::get_if<EditMessage>(&payload)) return edit->text;
  if (const auto* profile = std::get_if<SetProfile>(&payload)) return profile->name;
  return {};
}

Stay& stay_of(Room& room, const UserId& user) {
  return *std::ranges::find_if(room.stays, [&](const Stay& stay) { return stay.user == user && stay.left.value == 0; });
}

}  // namespace

Truth::Truth(const testing::ManualLog& log, const codec::Control& control, const keys::KeyTable& archive)
    : epoch_(control.epoch), steps_(control.partitions) {
  for (std::uint32_t partition = 0; partition < control.partitions; ++partition) {
    World world({.dedup_window_ms = control.dedup_window_ms});
    for (const auto& record : log.records(partition)) take(world, partition, record, archive);
  }
  for (const auto& words : living_) dead_.erase(words);
}

// What is sealed with a key that was destroyed before its place is never read; what was written before an erasure's place is
// read until there.
void Truth::take(World& world, std::uint32_t partition, const eventlog::Record& record, const keys::KeyTable& archive) {
  auto command = codec::decode_command(record.value);
  if (!command || record.type == codec::kControlType) return;
  std::string words;
  bool is_readable = false;
  if (const auto number = command->sealed.key; number != 0) {
    auto opened = *command;
    const auto key = archive.await(command->user, number, {});
    if (!codec::open(opened, std::get<codec::BodyKey>(key))) ADD_FAILURE() << "a body that can't be opened";
    words = words_of(opened.payload);
    written_.push_back({command->user, partition, words});
    is_readable = number >= world.state().erased_below(command->user);
    if (is_readable) {
      *command = std::move(opened);
    } else {
      codec::forget_words(*command);
      dead_.insert(words);
    }
  }
  auto decision = world.run(*command);
  // Sent again around an erasure, one record of it is dead and the other lives.
  if (is_readable && !decision.changes.empty()) living_.insert(words);
  for (const auto& change : decision.changes) {
    if (std::holds_alternative<MessagePosted>(change.body)) posted_.insert(words);
    follow(partition, record.offset, change);
  }
  steps_[partition].emplace(record.offset, Step{std::move(*command), std::move(decision)});
}

void Truth::follow(std::uint32_t partition, std::uint64_t offset, const Change& change) {
  for (const auto& member : codec::member_changes(change)) follow(partition, offset, member);
  auto to = hearers(offset, change);
  if (const auto* set = std::get_if<ProfileSet>(&change.body)) names_[set->user] = set->profile.name;
  if (const auto* erased = std::get_if<UserErased>(&change.body)) erase(partition, offset, erased->user);
  if (!codec::is_client_change(change)) return;
  auto& telling = tellings_.emplace_back();
  telling.partition = partition;
  telling.offset = offset;
  telling.change = change;
  telling.to = std::move(to);
  telling.text = text_of(telling, change);
  if (auto bare = change; auto* message = message_in(bare)) {
    *message = without_words(std::move(*message));
    telling.bare = text_of(telling, bare);
  }
  auto* const room = std::holds_alternative<CursorMoved>(change.body) ? nullptr : find_room(change.channel());
  if (room == nullptr) return;
  telling.has_version = true;
  telling.last_seq = room->last_seq;
  room->told.emplace(change.version, &telling);
}

std::string Truth::text_of(const Telling& telling, const Change& change) const {
  std::string text;
  codec::append_event(text, change, codec::Position{epoch_, telling.partition, telling.offset + 1}.text());
  return text;
}

// Everyone in the channel, him included whom the change brings or takes away; and keeps the books.
std::set<UserId> Truth::hearers(std::uint64_t offset, const Change& change) {
  if (const auto* joined = std::get_if<WorkspaceMemberJoined>(&change.body)) {
    if (joined->member.role != Role::Member) admins_[change.workspace()].insert(joined->user);
    return {joined->user};
  }
  if (const auto* left = std::get_if<WorkspaceMemberLeft>(&change.body)) return {left->user};
  if (!codec::is_client_change(change)) return {};

  auto& room = rooms_[change.channel()];
  std::set<UserId> to;
  if (const auto* moved = std::get_if<CursorMoved>(&change.body)) {
    auto& mine = room.cursors.at(moved->user);
    const bool read = moved->kind == CursorKind::Read;
    const auto seq = read ? moved->member.read_seq : moved->member.delivered_seq;
    mine.delivered = std::max(mine.delivered, seq.value);
    if (read) mine.read = seq.value;
    to.insert(moved->user);
    if (room.kind != ChannelKind::Direct && room.kind != ChannelKind::Group) return to;
    if (const auto author = room.messages({room.version}).at(seq).message.author; room.cursors.contains(author))
      to.insert(author);
    return to;
  }
  room.version = change.version.value;
  const auto enters = [&](const UserId& user) {
    room.cursors[user] = {room.last_seq, room.last_seq};
    room.stays.push_back({.user = user, .joined = change.version, .joined_at = offset, .left = {}});
  };
  const auto leaves = [&](const UserId& user) {
    auto& stay = stay_of(room, user);
    stay.left = change.version;
    stay.left_at = offset;
  };
  if (const auto* created = std::get_if<ChannelCreated>(&change.body)) {
    room.kind = created->head.kind;
    room.workspace = created->head.workspace;
    for (const auto& [user, member] : created->members) enters(user);
  }
  if (const auto* joined = std::get_if<MemberJoined>(&change.body); joined != nullptr && !joined->again) enters(joined->user);
  for (const auto& [user, cursors] : room.cursors) to.insert(user);
  if (const auto* left = std::get_if<MemberLeft>(&change.body)) {
    leaves(left->user);
    room.cursors.erase(left->user);
  }
  if (const auto* message = message_in(change)) room.forms[change.version] = {*message, offset, {}};
  if (const auto* posted = std::get_if<MessagePosted>(&change.body)) {
    room.last_seq = posted->message.seq.value;
    room.cursors.at(posted->message.author) = {room.last_seq, room.last_seq};
  }
  if (std::holds_alternative<ChannelDeleted>(change.body)) {
    for (const auto& [user, cursors] : room.cursors) leaves(user);
    room.deleted_at = offset;
    deleted_.insert(rooms_.extract(change.channel()));
  }
  return to;
}

// All that he wrote into the partition until here; and his profile, where that is.
void Truth::erase(std::uint32_t partition, std::uint64_t offset, const UserId& user) {
  for (const auto& written : written_)
    if (written.user == user && written.partition == partition) {
      dead_.insert(written.words);
      living_.erase(written.words);
    }
  if (partition_of(user_stream(user).slot()) == partition) names_.erase(user);
  for (auto& telling : tellings_)
    if (const auto* message = message_in(telling.change); telling.partition == partition && message != nullptr &&
                                                          message->author == user && !message->erased && !telling.erased_at)
      telling.erased_at = offset;
  for (auto* rooms : {&rooms_, &deleted_})
    for (auto& [channel, room] : *rooms)
      for (auto& [version, form] : room.forms)
        if (partition_of(channel.slot()) == partition && form.message.author == user && !form.message.erased && !form.erased_at)
          form.erased_at = offset;
}

std::uint32_t Truth::partition_of(Slot slot) const {
  return core::partition_of(slot, static_cast<std::uint32_t>(steps_.size()));
}

const Truth::Step* Truth::step(std::uint32_t partition, std::uint64_t offset) const {
  const auto found = steps_.at(partition).find(offset);
  return found == steps_[partition].end() ? nullptr : &found->second;
}

std::size_t Truth::times_posted(const std::string& words) const { return posted_.count(words); }

Room* Truth::find_room(const ChannelId& channel) {
  if (const auto found = rooms_.find(channel); found != rooms_.end()) return &found->second;
  const auto found = deleted_.find(channel);
  return found == deleted_.end() ? nullptr : &found->second;
}

std::string Truth::name(const UserId& user) const {
  const auto found = names_.find(user);
  return found == names_.end() ? user.text : found->second;
}

std::map<Seq, Form> Room::messages(Version at) const {
  std::map<Seq, Form> then;
  for (const auto& [made, form] : forms)
    if (made <= at) then[form.message.seq] = form;
  return then;
}

std::uint64_t Room::unread_mentions(const UserId& user) const {
  const auto read = cursors.at(user).read;
  std::uint64_t count = 0;
  for (const auto& [seq, form] : messages({version})) {
    const auto& [message, offset, erased_at] = form;
    if (seq.value > read && message.author != user && std::ranges::find(message.mentions, user) != message.mentions.end())
      ++count;
  }
  return count;
}

}  // namespace parley::sim
