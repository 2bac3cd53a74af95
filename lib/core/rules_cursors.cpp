#include "core/rules.hpp"

namespace parley::core {
namespace {

// What was read was delivered.
ChannelMember moved(const Case& c, ChannelMember member, const MoveCursor& move) {
  member.delivered_seq = std::max(member.delivered_seq, move.seq);
  if (move.kind == CursorKind::Read) {
    member.read_seq = move.seq;
    member.read_at = c.now();
    member.mention_count -= c.facts.mentions.size();
  }
  return member;
}

// Who is to be told: the author, where there are few, if he is still there, and not of his own reading.
std::optional<UserId> author_to_tell(const Case& c, const Channel& channel) {
  if (!tells_authors(channel.head.kind) || !c.facts.message) return std::nullopt;
  const auto& author = c.facts.message->author;
  if (author == c.user() || !channel.members.contains(author)) return std::nullopt;
  return author;
}

}  // namespace

Verdict rule(const Case& c, const MoveCursor& move) {
  const auto seen = see(c, move.channel);
  if (!seen) return refuse(seen.error());
  if (!seen->member) return refuse(kNotAMember);
  const auto& head = seen->head();
  if (move.seq > head.last_seq) return refuse(kPastTheEnd);

  const auto current = move.kind == CursorKind::Read ? seen->member->read_seq : seen->member->delivered_seq;
  auto decision = accept(head.id, std::max(current, move.seq), head.version);
  decision.outcome.result = CursorResult{decision.outcome.seq};
  CursorMoved change{.user = c.user(), .kind = move.kind, .member = *seen->member, .to = move.seq};
  change.first_to_read = move.kind == CursorKind::Read && move.seq > head.reached_by_reading;
  change.first_to_receive = move.seq > head.reached_by_delivery;
  change.moves = move.seq > current;
  if (!change.moves && !change.first_to_read && !change.first_to_receive) return decision;
  if (change.moves) {
    change.member = moved(c, *seen->member, move);
    change.author = author_to_tell(c, seen->channel);
    change.mentions_read = c.facts.mentions;
  }
  add(decision, c, head.id.uuid, head.version, std::move(change));
  return decision;
}

}  // namespace parley::core
