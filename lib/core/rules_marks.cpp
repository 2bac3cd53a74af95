// What members put on messages: reactions and pins, which all see, and hiding, which concerns one alone. In a room anyone
// reacts.
#include <algorithm>

#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kTooManyKinds{Code::Conflict, "the message has 50 kinds of reactions"};

// A member who may write, and the message, which is not retracted.
struct Marked {
  const ChannelHead& head;
  const Message& message;
};
std::expected<Marked, Refusal> see_to_mark(const Case& c, const ChannelId& channel, Seq seq) {
  const auto seen = see_to_write(c, channel);
  if (!seen) return refuse(seen.error());
  const auto* message = message_at(c, seen->head(), seq);
  if (!message) return refuse(kNoMessage);
  if (message->retracted) return refuse(kRetracted);
  return Marked{seen->head(), *message};
}

// A change of the message at the channel's next version.
template <class Body>
Decision marked(const Case& c, const ChannelHead& head, Body body) {
  body.message.version = head.version.next();
  auto decision = accept(head.id, body.message.seq, body.message.version);
  add(decision, c, head.id.uuid, decision.outcome.version, std::move(body));
  return decision;
}

}  // namespace

Verdict rule(const Case& c, const SetReaction& set) {
  const auto seen = see_to_mark(c, set.channel, set.seq);
  if (!seen) return refuse(seen.error());
  const auto& [head, current] = *seen;
  if (set.on == c.facts.marked) return accept(head.id, set.seq, head.version);

  ReactionChanged changed{current, set.emoji, set.on};
  auto& kinds = changed.message.reactions;
  auto kind = std::ranges::lower_bound(kinds, set.emoji, {}, &Reaction::emoji);
  const bool known = kind != kinds.end() && kind->emoji == set.emoji;
  if (!set.on) {
    if (!known) return accept(head.id, set.seq, head.version);
    if (--kind->count == 0) kinds.erase(kind);
  } else {
    if (!known && kinds.size() >= kMaxKindsOfReactions) return refuse(kTooManyKinds);
    if (!known) kind = kinds.insert(kind, {.emoji = set.emoji});
    ++kind->count;
  }
  return marked(c, head, std::move(changed));
}

Verdict rule(const Case& c, const SetPin& set) {
  const auto seen = see_to_mark(c, set.channel, set.seq);
  if (!seen) return refuse(seen.error());
  const auto& [head, current] = *seen;
  if (head.kind == ChannelKind::Room) return refuse(kRoom);
  if (set.on == current.pinned) return accept(head.id, set.seq, head.version);

  PinChanged changed{current};
  changed.message.pinned = set.on;
  return marked(c, head, std::move(changed));
}

// Archived or not: nobody else notices.
Verdict rule(const Case& c, const HideMessage& hide) {
  const auto seen = see(c, hide.channel);
  if (!seen) return refuse(seen.error());
  if (!seen->member) return refuse(kNotAMember);
  const auto& head = seen->head();
  if (!message_at(c, head, hide.seq)) return refuse(kNoMessage);
  auto decision = accept(head.id, hide.seq, head.version);
  const bool is_hidden = c.facts.marked || hide.seq <= seen->member->hidden_seq;
  if (!is_hidden) add(decision, c, head.id.uuid, head.version, MessageHidden{hide.seq});
  return decision;
}

// Forward only, as cursors.
Verdict rule(const Case& c, const HideUpTo& hide) {
  const auto seen = see(c, hide.channel);
  if (!seen) return refuse(seen.error());
  if (!seen->member) return refuse(kNotAMember);
  const auto& head = seen->head();
  if (hide.seq > head.last_seq) return refuse(kPastTheEnd);
  const auto current = seen->member->hidden_seq;
  auto decision = accept(head.id, std::max(current, hide.seq), head.version);
  decision.outcome.result = CursorResult{decision.outcome.seq};
  if (hide.seq > current) add(decision, c, head.id.uuid, head.version, MessagesHidden{hide.seq});
  return decision;
}

}  // namespace parley::core
