// The objects of the public contract as JSON, keys in the order that protocol.md gives them. Everything is appended to `out`.
//
// Concurrency: pure functions, any thread. Limits: none; strings must be valid UTF-8.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codec/rows.hpp"

namespace parley::codec {

std::string_view name(core::Role role);         // "member", "admin", "owner"
std::string_view name(core::ChannelKind kind);  // "public" …

void append_message(std::string& out, const core::Message& message);
void append_message(std::string& out, const core::ChannelId& channel, core::Seq seq, const MessageView& message);

void append_user(std::string& out, const core::UserId& id, const core::UserProfile& profile);

// Never with what checks its password.
void append_account(std::string& out, const core::UserId& user, const core::CreateAccount& account, core::TimeMs created_at);

void append_workspace(std::string& out, const core::WorkspaceHead& head);
// As its members read it: with `member_count` and the reader's `role`.
void append_workspace(std::string& out, const core::WorkspaceHead& head, core::Role role);

void append_member(std::string& out, const core::UserId& user, core::Role role, core::TimeMs joined_at);

void append_ban(std::string& out, const core::UserId& user, const core::Ban& ban);

// REQUIRES: somebody has it.
void append_name(std::string& out, const core::SiteName& name, const core::Reservation& reservation);

void append_channel(std::string& out, const core::ChannelHead& head);
// With `joined`: is the reader in it?
void append_channel(std::string& out, const core::ChannelHead& head, bool joined);

void append_receipt(std::string& out, const core::UserId& user, const core::ChannelMember& member);

// A message that is still a row.
struct MessageEntry {
  core::Seq seq;
  std::string_view row;
  std::vector<ReactionView> reactions;  // with their users, if the row has any
};

// False when the row is damaged; `out` is then as before.
[[nodiscard]] bool append_message(std::string& out, const core::ChannelId& channel, const MessageEntry& entry);

// A message that a search found, with a piece of its text as HTML. False when the row is damaged; `out` is then as before.
[[nodiscard]] bool append_hit(std::string& out, const core::ChannelId& channel, const MessageEntry& entry,
                              std::string_view snippet);

struct InboxEntry {
  core::ChannelHead channel;
  core::ChannelMember me;
  std::optional<MessageEntry> last_message;
  std::optional<core::UserId> other_user;  // of a direct channel
};
// False when the row is damaged; `out` is then as before.
[[nodiscard]] bool append_inbox_entry(std::string& out, const InboxEntry& entry);

struct HistoryPage {
  core::ChannelId channel;
  std::span<const MessageEntry> messages;  // oldest first
  bool has_more = false;
  bool has_before = false;
  bool has_after = false;
  core::Seq last_seq;
  core::Version version;
};
// The page's keys, without brackets, to go into a larger object; false when a row is damaged, and `out` is then as before.
[[nodiscard]] bool append_history_fields(std::string& out, const HistoryPage& page);
// The page as an object; false when a row is damaged, and `out` is then as before.
[[nodiscard]] bool append_history(std::string& out, const HistoryPage& page);

// The same as an operator sees it.
void append_command_entry(std::string& out, const core::CommandId& id, const OutcomeRow& row, std::string_view position);
// What became of a command. `position` is that of its record.
void append_command_status(std::string& out, const OutcomeRow& row, std::string_view position);

}  // namespace parley::codec
