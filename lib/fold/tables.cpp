#include "fold/tables.hpp"

namespace parley::fold {

std::string_view name(Table t) {
  switch (t) {
    case Table::Meta:
      return "meta";
    case Table::Users:
      return "users";
    case Table::Workspaces:
      return "workspaces";
    case Table::WorkspaceMembers:
      return "workspace_members";
    case Table::Channels:
      return "channels";
    case Table::ChannelMembers:
      return "channel_members";
    case Table::Messages:
      return "messages";
    case Table::Keys:
      return "keys";
    case Table::Reactions:
      return "reactions";
    case Table::Hidden:
      return "hidden";
    case Table::Bans:
      return "bans";
    case Table::Mentions:
      return "mentions";
    case Table::Events:
      return "events";
    case Table::MessageChanges:
      return "message_changes";
    case Table::Departed:
      return "departed";
    case Table::MemberChanges:
      return "member_changes";
    case Table::Reached:
      return "reached";
    case Table::Revisions:
      return "revisions";
    case Table::UserChannels:
      return "user_channels";
    case Table::UserWorkspaces:
      return "user_workspaces";
    case Table::WorkspaceChannels:
      return "workspace_channels";
    case Table::Commands:
      return "commands";
    case Table::DeadLetters:
      return "dead_letters";
    case Table::Replies:
      return "replies";
    case Table::UserNumbers:
      return "user_numbers";
    case Table::Touched:
      return "touched";
    case Table::Erased:
      return "erased";
    case Table::Accounts:
      return "accounts";
    case Table::Names:
      return "names";
    case Table::Purge:
      return "purge";
  }
  return "unknown";
}

Key& Key::number(std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(value >> shift & 0xff));
  return *this;
}

std::uint64_t number_at_end(std::string_view key, std::size_t bytes) {
  std::uint64_t value = 0;
  for (const char c : key.substr(key.size() - bytes)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

core::UserId user_at(std::string_view key, std::size_t at) {
  const auto end = key.find('\0', at);
  return {std::string(key.substr(at, end - at))};
}

std::uint32_t key_bucket(core::TimeMs log_time, std::int64_t window_ms) {
  return static_cast<std::uint32_t>(log_time.value / window_ms);
}

std::uint32_t command_hour(const core::CommandId& id) {
  return static_cast<std::uint32_t>(core::time_of(id).value / 3'600'000);
}

}  // namespace parley::fold
