// What is due to a client that comes back: how Truth says it.
#include "tests/sim/truth.hpp"

namespace parley::sim {

using namespace core;

namespace {

// How a channel's message ended after a version, if it was retracted.
const Form* retraction_behind(const Room& room, Version version, Seq seq) {
  for (auto it = room.forms.upper_bound(version); it != room.forms.end(); ++it)
    if (it->second.message.seq == seq && it->second.message.retracted) return &it->second;
  return nullptr;
}

std::uint64_t answers_until(const Room& room, Seq seq, std::uint64_t last_seq) {
  std::uint64_t count = 0;
  for (const auto& [at, form] : room.messages({room.version}))
    if (form.message.reply_to == seq && at.value <= last_seq) ++count;
  return count;
}

}  // namespace

std::string difference(const std::vector<std::string>& heard, const std::vector<Told>& due) {
  const auto [at, wanted] =
      std::ranges::mismatch(heard, due, [](const std::string& text, const Told& one) { return one.is(text); });
  auto sentence = std::to_string(heard.size()) + " of " + std::to_string(due.size()) + " events; number " +
                  std::to_string(at - heard.begin() + 1) + " is\n  " + (at == heard.end() ? "none" : *at) + "\nand should be";
  if (wanted == due.end()) return sentence + "\n  none";
  for (const auto& text : wanted->texts) sentence += "\n  " + text;
  return sentence;
}

Version Room::version_before(std::uint64_t offset) const {
  Version last;
  for (const auto& [made, telling] : told)
    if (telling->offset < offset) last = made;
  return last;
}

// Words that are erased before `from` are in it no more; from there on they may be. So it is with what is retracted, for those
// who don't keep the workspace in order; for those the text stays.
Told Truth::due(const Telling& telling, const UserId& user, std::uint64_t from) const {
  Told told{telling.change.channel(), telling.change.version, {}};
  auto change = telling.change;
  auto* message = message_in(change);
  if (message == nullptr) {
    told.texts.push_back(telling.text);
    return told;
  }
  const auto add = [&](std::optional<std::uint64_t> erased_at) {
    if (!erased_at || *erased_at >= from) told.texts.push_back(text_of(telling, change));
    if (!erased_at) return;
    *message = without_words(std::move(*message));
    told.texts.push_back(text_of(telling, change));
  };
  const auto* room = this->room(change.channel());
  const auto* end = retraction_behind(*room, change.version, message->seq);
  const bool keeps_order = room->workspace && admins_.contains(*room->workspace) && admins_.at(*room->workspace).contains(user);
  if (end == nullptr || end->offset >= from || keeps_order) add(telling.erased_at);
  if (end == nullptr) return told;
  *message = end->message;
  message->reply_count = answers_until(*room, message->seq, telling.last_seq);
  add(end->erased_at);
  return told;
}

std::vector<Told> Truth::told(const UserId& user, std::uint32_t partition, std::uint64_t from) const {
  std::vector<Told> all;
  for (const auto& telling : tellings_) {
    if (telling.partition != partition || telling.offset < from || !telling.to.contains(user)) continue;
    all.push_back({telling.change.channel(), telling.has_version ? telling.change.version : Version{}, {telling.text}});
    if (telling.erased_at) all.back().texts.push_back(telling.bare);
  }
  return all;
}

std::vector<Told> Truth::between(const Room& room, Version after, Version up_to, const UserId& user, std::uint64_t from) const {
  std::vector<Told> events;
  for (auto it = room.told.upper_bound(after); it != room.told.end() && it->first <= up_to; ++it)
    events.push_back(due(*it->second, user, from));
  return events;
}

// The read models are asked a moment later: if by then he came back, or the channel is gone, he may be told to fetch it anew.
std::vector<Missed> Truth::missed(const UserId& user, const ChannelId& channel, Version seen, std::uint64_t from,
                                  std::uint64_t max_gap) const {
  const auto* room = this->room(channel);
  if (room == nullptr) return {{.events = {}, .reset = true}};
  const Stay* now = nullptr;
  const Stay* before = nullptr;
  bool comes_again = false;
  for (const auto& stay : room->stays) {
    if (stay.user != user) continue;
    if (!stay.had_begun(from))
      comes_again = true;
    else
      (stay.was_over(from) ? before : now) = &stay;
  }
  const bool ends = room->deleted_at && *room->deleted_at >= from;
  if (now != nullptr) {
    const auto version = room->version_before(from);
    if (seen > version || now->joined > seen || version.value - seen.value > max_gap) return {{.events = {}, .reset = true}};
    std::vector<Missed> either = {{.events = between(*room, seen, version, user, from)}};
    if (seen < version && (ends || comes_again)) either.push_back({either.front().events, true, true});
    return either;
  }
  std::vector<Missed> either;
  if (before == nullptr || comes_again || ends) either.push_back({.events = {}, .reset = true});
  if (before == nullptr) return either;
  const std::vector<Told> last = {due(*room->told.at(before->left), user, from)};
  const bool was_deleted = room->deleted_at && *room->deleted_at < from;  // with him in it or not: what was said is gone
  if (before->left <= seen)
    either.push_back({});
  else if (!was_deleted && before->joined <= seen)
    either.push_back({.events = between(*room, seen, before->left, user, from)});
  if (before->left > seen && (was_deleted || ends || before->joined > seen)) either.push_back({.events = last, .reset = true});
  return either;
}

std::map<ChannelId, Version> Truth::channels_of(const UserId& user, std::uint32_t partition, std::uint64_t before) const {
  std::map<ChannelId, Version> in;
  for (const auto* rooms : {&rooms_, &deleted_})
    for (const auto& [channel, room] : *rooms)
      for (const auto& stay : room.stays)
        if (partition_of(channel.slot()) == partition && stay.user == user && stay.had_begun(before) && !stay.was_over(before))
          in[channel] = room.version_before(before);
  return in;
}

}  // namespace parley::sim
