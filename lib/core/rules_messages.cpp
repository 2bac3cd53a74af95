#include <algorithm>

#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kNoSuchReply{Code::InvalidArgument, "reply_to names no message of the channel"};
constexpr Refusal kNotTheAuthor{Code::Forbidden, "not its author"};

// Rising, whatever the clocks of those who took the commands say.
MessageNumber next_number(const Case& c, const ChannelHead& head) {
  return std::max(MessageNumber{static_cast<std::uint64_t>(c.now().value)}, head.last_number.next());
}

// The message without its texts, which are copied once: into the change.
Message new_message(const Case& c, const ChannelHead& head, Seq reply_to) {
  return {.channel = head.id,
          .seq = head.last_seq.next(),
          .version = head.version.next(),
          .author = c.user(),
          .posted_at = c.now(),
          .number = next_number(c, head),
          .reply_to = reply_to,
          .posted_version = head.version.next(),
          .erased = c.command.erased};
}

void add_posted(Decision& decision, const Case& c, const PostMessage& post, Message message) {
  message.text = post.text;
  message.attachments = post.attachments;
  message.metadata = post.metadata;
  message.mentions = post.mentions;
  add(decision, c, post.channel.uuid, decision.outcome.version, MessagePosted{std::move(message), c.facts.mentions});
}

void add_reply_counted(Decision& decision, const Case& c, const Message& parent, Version version) {
  Message counted = parent;
  ++counted.reply_count;
  add(decision, c, parent.channel.uuid, version, ReplyCounted{std::move(counted)});
}

Verdict post_to_new_direct(const Case& c, const PostMessage& post) {
  if (post.channel != direct_id(c.user(), *post.direct_to)) return refuse(kNotDirectWith);
  if (post.reply_to.value != 0) return refuse(kNoSuchReply);
  auto created = new_direct(c, post.channel, *post.direct_to);
  auto bare = new_message(c, created.head, Seq{});
  auto decision = accept(bare.channel, bare.seq, bare.version, MessageResult{bare});
  decision.changes.reserve(2);
  add(decision, c, post.channel.uuid, Version{1}, std::move(created));
  add_posted(decision, c, post, std::move(bare));
  return decision;
}

// What it says until now.
Revision revision_of(const Message& message) {
  return {.text = message.text,
          .at = message.edited_at.value_or(message.posted_at),
          .version = message.text_version,
          .number = message.edits,
          .mentions = message.mentions};
}

// The author who is still there, or who keeps order: an admin of the channel or of its workspace.
bool may_retract(const Case& c, const SeenChannel& seen, const Message& message) {
  const bool is_there = seen.member || seen.head().kind == ChannelKind::Room;
  return (is_there && message.author == c.user()) || standing(c, seen) >= Role::Admin;
}

}  // namespace

Verdict rule(const Case& c, const PostMessage& post) {
  if (post.direct_to && !c.state.known(post.channel)) return post_to_new_direct(c, post);
  const auto seen = see_to_write(c, post.channel);
  if (!seen) return refuse(seen.error());
  if (post.direct_to && !is_direct_with(c, seen->channel, *post.direct_to)) return refuse(kNotDirectWith);
  const auto& head = seen->head();
  const auto* parent = message_at(c, head, post.reply_to);
  if (post.reply_to.value != 0 && !parent) return refuse(kNoSuchReply);

  auto bare = new_message(c, head, post.reply_to);
  auto decision = accept(bare.channel, bare.seq, bare.version, MessageResult{bare});
  decision.changes.reserve(parent ? 2 : 1);
  add_posted(decision, c, post, std::move(bare));
  if (parent) add_reply_counted(decision, c, *parent, decision.outcome.version);
  return decision;
}

Verdict rule(const Case& c, const EditMessage& edit) {
  const auto seen = see_to_write(c, edit.channel);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  const auto* current = message_at(c, head, edit.seq);
  if (!current) return refuse(kNoMessage);
  if (current->author != c.user()) return refuse(kNotTheAuthor);
  if (edit.if_version && *edit.if_version != current->version) return refuse(kChanged);
  if (current->retracted) return refuse(kRetracted);

  Message message = *current;
  message.text = edit.text;
  message.mentions = edit.mentions;
  message.erased = c.command.erased;
  message.version = message.text_version = head.version.next();
  message.edited_at = c.now();
  ++message.edits;
  auto decision = accept(head.id, edit.seq, message.version, MessageResult{message});
  add(decision, c, head.id.uuid, decision.outcome.version, MessageEdited{std::move(message), revision_of(*current)});
  return decision;
}

Verdict rule(const Case& c, const RetractMessage& retract) {
  const auto seen = see(c, retract.channel);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  const auto* current = message_at(c, head, retract.seq);
  if (!current) return refuse(kNoMessage);
  if (!may_retract(c, *seen, *current))
    return refuse(seen->member || head.kind == ChannelKind::Room ? kNotTheAuthor : kNotAMember);
  if (head.archived) return refuse(kArchived);
  if (current->retracted) return accept(head.id, retract.seq, head.version);

  Message message = *current;
  message.text.clear();
  message.attachments.clear();
  message.metadata.clear();
  message.mentions.clear();
  message.reactions.clear();
  message.pinned = false;
  message.retracted = true;
  message.retracted_at = c.now();
  message.version = head.version.next();
  auto decision = accept(head.id, retract.seq, message.version);
  add(decision, c, head.id.uuid, decision.outcome.version,
      MessageRetracted{std::move(message), revision_of(*current), !current->reactions.empty()});
  return decision;
}

}  // namespace parley::core
