#include "codec/message_row.hpp"

#include "codec/wire.hpp"

namespace parley::codec {
namespace {

// Of parley.store.v1.Message.
enum Field : std::uint8_t {
  kVersion = 1,
  kAuthor = 2,
  kText = 3,
  kPostedAt = 4,
  kEditedAt = 5,
  kRetracted = 6,
  kReplyTo = 7,
  kReplyCount = 8,
  kPinned = 9,
  kAttachments = 10,
  kMetadata = 11,
  kReactions = 12,
  kEdits = 13,
  kTextVersion = 14,
  kMentions = 15,
  kPostedVersion = 16,
  kOffset = 17,
  kErased = 18,
  kNumber = 19,
  kRetractedAt = 20,
};

// Of parley.store.v1.Reaction.
enum ReactionField : std::uint8_t { kEmoji = 1, kCount = 2, kUsers = 3 };

std::string encode_reaction(const core::Reaction& reaction) {
  std::string bytes;
  WireWriter row(bytes);
  row.bytes(kEmoji, reaction.emoji);
  row.varint(kCount, reaction.count);
  for (const auto& user : reaction.users) row.element(kUsers, user.text);
  return bytes;
}

std::optional<ReactionView> parse_reaction(std::string_view bytes) {
  ReactionView view;
  WireReader in(bytes);
  while (in.next()) {
    if (in.field() == kEmoji) in.read(view.emoji);
    if (in.field() == kCount) in.read(view.count);
    if (in.field() == kUsers && in.is_bytes()) in.read(view.users.emplace_back());
  }
  if (!in.good()) return std::nullopt;
  return view;
}

std::vector<std::string_view> user_views(const std::vector<core::UserId>& users) {
  std::vector<std::string_view> views;
  views.reserve(users.size());
  for (const auto& user : users) views.emplace_back(user.text);
  return views;
}

std::vector<core::UserId> users_of(const std::vector<std::string_view>& views) {
  std::vector<core::UserId> users;
  users.reserve(views.size());
  for (const auto view : views) users.push_back({std::string(view)});
  return users;
}

}  // namespace

void encode_message(const core::Message& message, std::string& out) {
  WireWriter row(out);
  row.varint(kVersion, message.version.value);
  row.bytes(kAuthor, message.author.text);
  row.bytes(kText, message.text);
  row.varint(kPostedAt, static_cast<std::uint64_t>(message.posted_at.value));
  row.varint(kEditedAt, message.edited_at ? static_cast<std::uint64_t>(message.edited_at->value) : 0);
  row.varint(kRetracted, message.retracted);
  row.varint(kReplyTo, message.reply_to.value);
  row.varint(kReplyCount, message.reply_count);
  row.varint(kPinned, message.pinned);
  row.bytes(kAttachments, message.attachments);
  row.bytes(kMetadata, message.metadata);
  for (const auto& reaction : message.reactions) row.element(kReactions, encode_reaction(reaction));
  row.varint(kEdits, message.edits);
  row.varint(kTextVersion, message.text_version.value);
  for (const auto& user : message.mentions) row.element(kMentions, user.text);
  row.varint(kPostedVersion, message.posted_version == message.version ? 0 : message.posted_version.value);
  row.varint(kOffset, message.offset);
  row.varint(kErased, message.erased);
  row.varint(kNumber, kept_number(message));
  row.varint(kRetractedAt, message.retracted_at ? static_cast<std::uint64_t>(message.retracted_at->value) : 0);
}

std::optional<MessageView> MessageView::parse(std::string_view row) {
  MessageView view;
  std::uint64_t posted_at = 0;
  std::uint64_t number = 0;
  std::uint64_t edited_at = 0;
  std::uint64_t retracted = 0;
  std::uint64_t retracted_at = 0;
  std::uint64_t pinned = 0;
  std::uint64_t erased = 0;
  bool sound = true;
  WireReader in(row);
  while (in.next()) {
    switch (in.field()) {
      case kVersion:
        in.read(view.version.value);
        break;
      case kAuthor:
        in.read(view.author);
        break;
      case kText:
        in.read(view.text);
        break;
      case kPostedAt:
        in.read(posted_at);
        break;
      case kEditedAt:
        in.read(edited_at);
        break;
      case kRetracted:
        in.read(retracted);
        break;
      case kReplyTo:
        in.read(view.reply_to.value);
        break;
      case kReplyCount:
        in.read(view.reply_count);
        break;
      case kPinned:
        in.read(pinned);
        break;
      case kAttachments:
        in.read(view.attachments);
        break;
      case kMetadata:
        in.read(view.metadata);
        break;
      case kReactions: {
        if (!in.is_bytes()) break;
        auto reaction = parse_reaction(in.bytes());
        sound = sound && reaction.has_value();
        if (reaction) view.reactions.push_back(std::move(*reaction));
        break;
      }
      case kEdits:
        in.read(view.edits);
        break;
      case kTextVersion:
        in.read(view.text_version.value);
        break;
      case kMentions:
        if (in.is_bytes()) in.read(view.mentions.emplace_back());
        break;
      case kPostedVersion:
        in.read(view.posted_version.value);
        break;
      case kOffset:
        in.read(view.offset);
        break;
      case kErased:
        in.read(erased);
        break;
      case kNumber:
        in.read(number);
        break;
      case kRetractedAt:
        in.read(retracted_at);
        break;
      default:
        break;  // of a later program
    }
  }
  if (!in.good() || !sound) return std::nullopt;
  if (view.posted_version.value == 0) view.posted_version = view.version;
  view.posted_at.value = static_cast<std::int64_t>(posted_at);
  view.number = number_of(number, view.posted_at);
  if (edited_at != 0) view.edited_at = core::TimeMs{static_cast<std::int64_t>(edited_at)};
  view.retracted = retracted != 0;
  if (retracted_at != 0) view.retracted_at = core::TimeMs{static_cast<std::int64_t>(retracted_at)};
  view.pinned = pinned != 0;
  view.erased = erased != 0;
  return view;
}

std::string_view author_of(std::string_view row) {
  WireReader in(row);
  while (in.next())
    if (in.field() == kAuthor) return in.bytes();
  return {};
}

core::MessageNumber number_of(std::string_view row) {
  std::uint64_t posted_at = 0;
  std::uint64_t number = 0;
  WireReader in(row);
  while (in.next()) {
    if (in.field() == kPostedAt) in.read(posted_at);
    if (in.field() == kNumber) in.read(number);
  }
  return number_of(number, {static_cast<std::int64_t>(posted_at)});
}

bool has_reactions(std::string_view row) {
  WireReader in(row);
  while (in.next())
    if (in.field() == kReactions) return true;
  return false;
}

MessageView view_of(const core::Message& m) {
  std::vector<ReactionView> reactions;
  reactions.reserve(m.reactions.size());
  for (const auto& reaction : m.reactions) reactions.push_back({reaction.emoji, reaction.count, user_views(reaction.users)});
  return {.version = m.version,
          .author = m.author.text,
          .text = m.text,
          .posted_at = m.posted_at,
          .number = m.number,
          .edited_at = m.edited_at,
          .retracted = m.retracted,
          .retracted_at = m.retracted_at,
          .reply_to = m.reply_to,
          .reply_count = m.reply_count,
          .pinned = m.pinned,
          .reactions = std::move(reactions),
          .edits = m.edits,
          .text_version = m.text_version,
          .attachments = m.attachments,
          .metadata = m.metadata,
          .mentions = user_views(m.mentions),
          .posted_version = m.posted_version,
          .offset = m.offset,
          .erased = m.erased};
}

std::optional<core::Message> decode_message(const core::ChannelId& channel, core::Seq seq, std::string_view row) {
  const auto view = MessageView::parse(row);
  if (!view) return std::nullopt;
  std::vector<core::Reaction> reactions;
  reactions.reserve(view->reactions.size());
  for (const auto& kind : view->reactions) {
    auto& reaction = reactions.emplace_back(std::string(kind.emoji), kind.count);
    reaction.users = users_of(kind.users);
  }
  return core::Message{.channel = channel,
                       .seq = seq,
                       .version = view->version,
                       .author = {std::string(view->author)},
                       .text = std::string(view->text),
                       .posted_at = view->posted_at,
                       .number = view->number,
                       .edited_at = view->edited_at,
                       .retracted = view->retracted,
                       .retracted_at = view->retracted_at,
                       .reply_to = view->reply_to,
                       .reply_count = view->reply_count,
                       .pinned = view->pinned,
                       .reactions = std::move(reactions),
                       .edits = view->edits,
                       .text_version = view->text_version,
                       .attachments = std::string(view->attachments),
                       .metadata = std::string(view->metadata),
                       .mentions = users_of(view->mentions),
                       .posted_version = view->posted_version,
                       .offset = view->offset,
                       .erased = view->erased};
}

}  // namespace parley::codec
