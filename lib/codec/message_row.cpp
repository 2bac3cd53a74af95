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
};

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
}

std::optional<MessageView> MessageView::parse(std::string_view row) {
  MessageView view;
  std::uint64_t posted_at = 0;
  std::uint64_t edited_at = 0;
  std::uint64_t retracted = 0;
  std::uint64_t pinned = 0;
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
      default:
        break;  // of a later program
    }
  }
  if (!in.good()) return std::nullopt;
  view.posted_at.value = static_cast<std::int64_t>(posted_at);
  if (edited_at != 0) view.edited_at = core::TimeMs{static_cast<std::int64_t>(edited_at)};
  view.retracted = retracted != 0;
  view.pinned = pinned != 0;
  return view;
}

MessageView view_of(const core::Message& m) {
  return {.version = m.version,
          .author = m.author.text,
          .text = m.text,
          .posted_at = m.posted_at,
          .edited_at = m.edited_at,
          .retracted = m.retracted,
          .reply_to = m.reply_to,
          .reply_count = m.reply_count,
          .pinned = m.pinned,
          .attachments = m.attachments,
          .metadata = m.metadata};
}

std::optional<core::Message> decode_message(const core::ChannelId& channel, core::Seq seq, std::string_view row) {
  const auto view = MessageView::parse(row);
  if (!view) return std::nullopt;
  return core::Message{.channel = channel,
                       .seq = seq,
                       .version = view->version,
                       .author = {std::string(view->author)},
                       .text = std::string(view->text),
                       .posted_at = view->posted_at,
                       .edited_at = view->edited_at,
                       .retracted = view->retracted,
                       .reply_to = view->reply_to,
                       .reply_count = view->reply_count,
                       .pinned = view->pinned,
                       .attachments = std::string(view->attachments),
                       .metadata = std::string(view->metadata)};
}

}  // namespace parley::codec
