// A message as a row: the one that is written with every post and read fifty at a time, so it has a codec of its own that does
// not allocate. The bytes are those of Protobuf (parley.store.v1.Message), fields in order, zero and empty ones left out.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.hpp"

namespace parley::codec {

// Appends the row of `message` to `out`.
void encode_message(const core::Message& message, std::string& out);

// Most messages' numbers are their times, and not kept: then 0.
inline std::uint64_t kept_number(const core::Message& message) {
  return message.number.value == static_cast<std::uint64_t>(message.posted_at.value) ? 0 : message.number.value;
}
inline core::MessageNumber number_of(std::uint64_t kept, core::TimeMs posted_at) {
  return {kept != 0 ? kept : static_cast<std::uint64_t>(posted_at.value)};
}

struct ReactionView {
  std::string_view emoji;
  std::uint64_t count = 0;
  std::vector<std::string_view> users;  // none in a row: they are table reactions
};

// A row as it stands: the views point into its bytes, which must outlive it.
struct MessageView {
  core::Version version;
  std::string_view author;
  std::string_view text;
  core::TimeMs posted_at;
  core::MessageNumber number;
  std::optional<core::TimeMs> edited_at;
  bool retracted = false;
  std::optional<core::TimeMs> retracted_at;
  core::Seq reply_to;  // 0: none
  std::uint64_t reply_count = 0;
  bool pinned = false;
  std::vector<ReactionView> reactions;
  std::uint64_t edits = 0;
  core::Version text_version;    // 0: never edited
  std::string_view attachments;  // JSON; empty: none
  std::string_view metadata;     // JSON; empty: none
  std::vector<std::string_view> mentions;
  core::Version posted_version;
  std::uint64_t offset = 0;  // of the record that posted it
  bool erased = false;

  // Total: none when `row` is not the Protobuf of a message, or a string in it is not UTF-8.
  static std::optional<MessageView> parse(std::string_view row);
};

// Without reading it whole. Of a damaged one: anything.
std::string_view author_of(std::string_view row);
bool has_reactions(std::string_view row);
core::MessageNumber number_of(std::string_view row);

// The views point into `message`.
MessageView view_of(const core::Message& message);

std::optional<core::Message> decode_message(const core::ChannelId& channel, core::Seq seq, std::string_view row);

}  // namespace parley::codec
