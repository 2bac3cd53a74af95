#include "projector/queries.hpp"

#include <algorithm>

#include "codec/rows.hpp"

namespace parley::projector {

using fold::Key;
using fold::Table;

namespace {

constexpr std::size_t kIdBytes = core::Uuid::kBytes;

Key user_key(const core::UserId& user) {
  Key key;
  key.add(user);
  return key;
}

// Where a list of members goes on: after `after`, or at the beginning.
std::string list_from(std::string_view group, const std::string& after) {
  std::string from(group);
  if (!after.empty()) from += after + '\x01';  // behind "after\0", before any longer name
  return from;
}

// Of the workspace's channels that he sees: so no ban there keeps anything from him.
bool counts_as_owner(const rows::WorkspaceMember& member) { return member.role() >= static_cast<int>(core::Role::Admin); }

}  // namespace

std::optional<std::string> Queries::bytes(Table table, std::string_view key) {
  auto found = snapshot_.get(id(table), key);
  if (!found) throw Unreadable{};
  return std::move(*found);
}

void Queries::scan(Table table, std::string_view prefix, std::string_view from, const store::Snapshot::Visit& visit) {
  if (!snapshot_.scan(id(table), prefix, from, visit)) throw Unreadable{};
}

bool Queries::see_workspace(std::string_view workspace, rows::Workspace& out, rows::WorkspaceMember& me) {
  Key key;
  key.raw(workspace).add(caller_);
  return row(Table::WorkspaceMembers, key, me) && row(Table::Workspaces, workspace, out) && !out.deleted();
}

bool Queries::see_channel(std::string_view channel, rows::Channel& out, bool& joined) {
  if (!row(Table::Channels, channel, out) || out.deleted()) return false;
  sees_retracted_.reset();
  joined = has_row(Table::ChannelMembers, channel, me_);
  if (!joined) me_.Clear();
  if (joined || out.kind() == static_cast<int>(core::ChannelKind::Room)) return true;
  if (out.kind() != static_cast<int>(core::ChannelKind::Public)) return false;
  rows::WorkspaceMember me;
  if (!has_row(Table::WorkspaceMembers, out.workspace(), me)) return false;
  return counts_as_owner(me) || !is_banned(channel);
}

// By the log's time, as it is decided.
bool Queries::is_banned(std::string_view channel) {
  rows::Ban ban;
  if (!has_row(Table::Bans, channel, ban)) return false;
  rows::Applied applied;
  return !ban.has_until_ms() || !row(Table::Meta, "applied", applied) || applied.log_time_ms() < ban.until_ms();
}

bool Queries::is_workspace_admin(std::string_view channel) {
  rows::Channel head;
  rows::Workspace workspace;
  rows::WorkspaceMember me;
  if (!row(Table::Channels, channel, head) || head.workspace().empty()) return false;
  return see_workspace(head.workspace(), workspace, me) && counts_as_owner(me);
}

std::uint64_t Queries::next_offset() {
  rows::Applied applied;
  return row(Table::Meta, "applied", applied) ? applied.next_offset() : 0;
}

Queries::Status Queries::user(const pb::GetUser& query, pb::UserAnswer& out) {
  out.set_user(query.user());
  if (!row(Table::Users, user_key({query.user()}), *out.mutable_row())) out.mutable_row()->set_name(query.user());
  return kOk;
}

Queries::Status Queries::account(const pb::GetAccount& query, pb::AccountAnswer& out) {
  const auto key = user_key({query.user()});
  if (!row(Table::Accounts, key, *out.mutable_row())) return kNotFound;
  if (!query.with_password()) out.mutable_row()->clear_password_hash();
  rows::User profile;
  out.set_name(row(Table::Users, key, profile) ? profile.name() : query.user());
  return kOk;
}

// Whoever may ask anything may ask this.
Queries::Status Queries::name(const pb::GetName& query, pb::NameAnswer& out) {
  const bool found = row(Table::Names, fold::name_key({query.namespace_(), query.name()}), *out.mutable_row());
  return found && !out.row().owner().empty() ? kOk : kNotFound;
}

Queries::Status Queries::workspace(const pb::GetWorkspace& query, pb::WorkspaceAnswer& out) {
  rows::WorkspaceMember me;
  auto& head = *out.mutable_row();
  const bool is_seen = query.operator_() ? row(Table::Workspaces, query.workspace(), head) && !head.deleted()
                                         : see_workspace(query.workspace(), head, me);
  if (!is_seen) return kNotFound;
  out.set_id(query.workspace());
  out.set_role(me.role());
  return kOk;
}

Queries::Status Queries::workspaces(pb::WorkspacesAnswer& out) {
  const auto prefix = user_key(caller_);
  scan(Table::UserWorkspaces, prefix, {}, [&](std::string_view key, std::string_view) {
    pb::GetWorkspace query;
    query.set_workspace(std::string(key.substr(key.size() - kIdBytes)));
    pb::WorkspaceAnswer one;
    if (workspace(query, one) == kOk) *out.add_workspaces() = std::move(one);
    return true;
  });
  return kOk;
}

Queries::Status Queries::workspace_members(const pb::ListWorkspaceMembers& query, pb::MembersAnswer& out) {
  rows::Workspace head;
  rows::WorkspaceMember me;
  if (!see_workspace(query.workspace(), head, me)) return kNotFound;
  const auto from = list_from(query.workspace(), query.after());
  scan(Table::WorkspaceMembers, query.workspace(), from, [&](std::string_view key, std::string_view value) {
    if (out.members_size() == static_cast<int>(query.limit())) {
      out.set_has_more(true);
      return false;
    }
    rows::WorkspaceMember member;
    parse(value, member);
    auto& entry = *out.add_members();
    entry.set_user(fold::user_at(key, kIdBytes).text);
    entry.set_role(member.role());
    entry.set_joined_at_ms(member.joined_at_ms());
    return true;
  });
  return kOk;
}

Queries::Status Queries::workspace_channels(const pb::ListWorkspaceChannels& query, pb::ChannelsAnswer& out) {
  rows::Workspace head;
  rows::WorkspaceMember me;
  if (!see_workspace(query.workspace(), head, me)) return kNotFound;
  scan(Table::WorkspaceChannels, query.workspace(), {}, [&](std::string_view key, std::string_view) {
    pb::GetChannel one;
    one.set_channel(std::string(key.substr(kIdBytes)));
    pb::ChannelAnswer found;
    if (channel(one, found) == kOk) *out.add_channels() = std::move(found);
    return true;
  });
  return kOk;
}

Queries::Status Queries::channel(const pb::GetChannel& query, pb::ChannelAnswer& out) {
  bool joined = false;
  if (!see_channel(query.channel(), *out.mutable_row(), joined)) return kNotFound;
  out.set_id(query.channel());
  out.set_joined(joined);
  return kOk;
}

Queries::Status Queries::channel_members(const pb::ListChannelMembers& query, pb::MembersAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  if (query.has_as_of()) return members_at(query, head, out);
  const auto from = list_from(query.channel(), query.after());
  scan(Table::ChannelMembers, query.channel(), from, [&](std::string_view key, std::string_view value) {
    if (out.members_size() == static_cast<int>(query.limit())) {
      out.set_has_more(true);
      return false;
    }
    rows::ChannelMember member;
    parse(value, member);
    auto& entry = *out.add_members();
    entry.set_user(fold::user_at(key, kIdBytes).text);
    entry.set_role(member.role());
    entry.set_joined_at_ms(member.joined_at_ms());
    return true;
  });
  return kOk;
}

Queries::Status Queries::inbox(pb::InboxAnswer& out) {
  scan(Table::UserChannels, user_key(caller_), {}, [&](std::string_view key, std::string_view) {
    inbox_entry(*core::ChannelId::from_bytes(key.substr(key.size() - kIdBytes)), out);
    return true;
  });
  return kOk;
}

// Of what the caller has not hidden one by one. Not looked for without end: 0, if it is further back.
std::uint64_t Queries::last_shown(std::string_view channel, std::uint64_t last_seq) {
  constexpr std::uint64_t kLookedBack = 50;
  const auto first = last_seq - std::min(last_seq, kLookedBack) + 1;
  const auto hidden = hidden_between(channel, first, last_seq);
  for (auto seq = last_seq; seq >= first; --seq)
    if (!hidden.contains(seq)) return seq;
  return 0;
}

void Queries::inbox_entry(const core::ChannelId& which, pb::InboxAnswer& out) {
  const auto channel_bytes = which.bytes();
  pb::InboxEntry entry;
  auto& head = *entry.mutable_channel()->mutable_row();
  if (!row(Table::Channels, channel_bytes, head) || head.deleted()) return;
  if (!row(Table::ChannelMembers, fold::member_key(which, caller_), *entry.mutable_me())) return;
  entry.mutable_channel()->set_id(std::string(channel_bytes));
  entry.mutable_channel()->set_joined(true);
  me_ = entry.me();
  const auto shown = last_shown(channel_bytes, head.last_seq());
  pb::MessagesAnswer last;
  page(channel_bytes, shown, shown, last);
  if (last.messages_size() > 0) *entry.mutable_last_message() = std::move(*last.mutable_messages(0));
  if (head.kind() == static_cast<int>(core::ChannelKind::Direct)) {
    entry.set_other_user(caller_.text);  // with himself, unless there is another
    scan(Table::ChannelMembers, channel_bytes, {}, [&](std::string_view key, std::string_view) {
      if (auto user = fold::user_at(key, kIdBytes); user != caller_) entry.set_other_user(user.text);
      return true;
    });
  }
  *out.add_entries() = std::move(entry);
}

Queries::Status Queries::receipts(const pb::ListReceipts& query, pb::ReceiptsAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  scan(Table::ChannelMembers, query.channel(), {}, [&](std::string_view key, std::string_view value) {
    auto& entry = *out.add_receipts();
    entry.set_user(fold::user_at(key, kIdBytes).text);
    if (!entry.mutable_row()->ParseFromArray(value.data(), static_cast<int>(value.size()))) throw Unreadable{};
    return true;
  });
  return kOk;
}

Queries::Status Queries::direct(const pb::GetDirect& query, pb::ChannelAnswer& out) {
  pb::GetChannel get;
  get.set_channel(query.channel());
  return channel(get, out);
}

bool Queries::may_join_open(std::string_view channel) {
  rows::Channel head;
  return row(Table::Channels, channel, head) && head.open() && !head.deleted() && !is_banned(channel);
}

Queries::Status Queries::find_channels(const pb::FindChannels& query, pb::FoundChannelsAnswer& out) {
  const core::IdNumber number{query.number()};
  scan(Table::Channels, core::bytes_of(number), {}, [&](std::string_view key, std::string_view) {
    if (core::number_of(*core::Uuid::from_bytes(key)) != number) return true;
    pb::GetChannel get;
    get.set_channel(std::string(key));
    pb::ChannelAnswer found;
    if (channel(get, found) == kOk)
      *out.add_channels() = std::move(found);
    else if (may_join_open(key))
      out.add_joinable(std::string(key));
    return true;
  });
  return kOk;
}

Queries::Status Queries::find_users(const pb::FindUsers& query, pb::UsersAnswer& out) {
  const auto of_number = Key().number(query.number(), 8);
  scan(Table::UserNumbers, of_number, {}, [&](std::string_view key, std::string_view) {
    pb::GetUser get;
    get.set_user(fold::user_at(key, of_number.view().size()).text);
    user(get, *out.add_users());
    return true;
  });
  return kOk;
}

Queries::Status Queries::command(const pb::GetCommand& query, pb::CommandAnswer& out) {
  const auto which = core::CommandId::from_bytes(query.command());
  if (!which) return kNotFound;
  Key key;
  key.number(fold::command_hour(*which), 4).add(*which);
  if (!row(Table::Commands, key, *out.mutable_outcome())) return kNotFound;
  return query.operator_() || out.outcome().user() == caller_.text ? kOk : kNotFound;
}

// The oldest hour first, as in the key; by id within it. Rows that don't fit are passed over, but not without end.
Queries::Status Queries::commands(const pb::ListCommands& query, pb::CommandsAnswer& out) {
  constexpr int kMostLookedAt = 20'000;
  Key from;
  if (const auto after = core::CommandId::from_bytes(query.after()))
    from.number(fold::command_hour(*after), 4).add(*after).raw(std::string_view("\0", 1));
  int looked_at = 0;
  std::string last;
  scan(Table::Commands, {}, from, [&](std::string_view key, std::string_view value) {
    if (out.commands_size() == static_cast<int>(query.limit()) || ++looked_at > kMostLookedAt) {
      out.set_next(last);
      return false;
    }
    last = key.substr(key.size() - kIdBytes);
    rows::Outcome outcome;
    parse(value, outcome);
    if (!query.user().empty() && outcome.user() != query.user()) return true;
    if (!query.channel().empty() && outcome.result().channel() != query.channel()) return true;
    auto& entry = *out.add_commands();
    entry.set_id(last);
    *entry.mutable_outcome() = std::move(outcome);
    return true;
  });
  return kOk;
}

// For those who may lift them.
Queries::Status Queries::bans(const pb::ListBans& query, pb::BansAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  const bool keeps_order = joined && me_.role() >= static_cast<int>(core::Role::Admin);
  if (!keeps_order && !is_workspace_admin(query.channel())) return pb::READ_STATUS_FORBIDDEN;
  scan(Table::Bans, query.channel(), {}, [&](std::string_view key, std::string_view value) {
    auto& entry = *out.add_bans();
    entry.set_user(fold::user_at(key, kIdBytes).text);
    if (!entry.mutable_row()->ParseFromArray(value.data(), static_cast<int>(value.size()))) throw Unreadable{};
    return true;
  });
  return kOk;
}

std::optional<pb::ReadResponse> Queries::answer(const pb::ReadRequest& request) {
  pb::ReadResponse response;
  try {
    response.set_next_offset(next_offset());
    const auto status = [&] {
      switch (request.query_case()) {
        case pb::ReadRequest::kGetUser:
          return user(request.get_user(), *response.mutable_user());
        case pb::ReadRequest::kGetAccount:
          return account(request.get_account(), *response.mutable_account());
        case pb::ReadRequest::kGetName:
          return name(request.get_name(), *response.mutable_name());
        case pb::ReadRequest::kGetWorkspace:
          return workspace(request.get_workspace(), *response.mutable_workspace());
        case pb::ReadRequest::kListWorkspaces:
          return workspaces(*response.mutable_workspaces());
        case pb::ReadRequest::kListWorkspaceMembers:
          return workspace_members(request.list_workspace_members(), *response.mutable_members());
        case pb::ReadRequest::kListWorkspaceChannels:
          return workspace_channels(request.list_workspace_channels(), *response.mutable_channels());
        case pb::ReadRequest::kGetChannel:
          return channel(request.get_channel(), *response.mutable_channel());
        case pb::ReadRequest::kListChannelMembers:
          return channel_members(request.list_channel_members(), *response.mutable_members());
        case pb::ReadRequest::kListInbox:
          return inbox(*response.mutable_inbox());
        case pb::ReadRequest::kGetMessages:
          return messages(request.get_messages(), *response.mutable_messages());
        case pb::ReadRequest::kGetMessage:
          return message(request.get_message(), *response.mutable_messages());
        case pb::ReadRequest::kListRevisions:
          return revisions(request.list_revisions(), *response.mutable_revisions());
        case pb::ReadRequest::kListReceipts:
          return receipts(request.list_receipts(), *response.mutable_receipts());
        case pb::ReadRequest::kListDeliveries:
          return deliveries(request.list_deliveries(), *response.mutable_deliveries());
        case pb::ReadRequest::kGetDirect:
          return direct(request.get_direct(), *response.mutable_channel());
        case pb::ReadRequest::kGetCommand:
          return command(request.get_command(), *response.mutable_command());
        case pb::ReadRequest::kListEvents:
          return events(request.list_events(), *response.mutable_events());
        case pb::ReadRequest::kListBans:
          return bans(request.list_bans(), *response.mutable_bans());
        case pb::ReadRequest::kListCommands:
          return commands(request.list_commands(), *response.mutable_commands());
        case pb::ReadRequest::kResume:
          return resume(request.resume(), request.min_next_offset(), *response.mutable_resume());
        case pb::ReadRequest::kFindChannels:
          return find_channels(request.find_channels(), *response.mutable_found_channels());
        case pb::ReadRequest::kFindUsers:
          return find_users(request.find_users(), *response.mutable_users());
        case pb::ReadRequest::kSearch:  // search_reads.hpp
        case pb::ReadRequest::QUERY_NOT_SET:
          break;
      }
      return kNotFound;
    }();
    if (status != kOk) response.clear_answer();
    response.set_status(status);
    return response;
  } catch (const Unreadable&) {
    return std::nullopt;
  }
}

}  // namespace parley::projector
