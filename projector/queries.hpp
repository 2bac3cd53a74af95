// The reads over one snapshot of one partition, on behalf of one caller. What he may not see is answered like what isn't there.
//
// Concurrency: one thread; made for one request. Limits: a page is as large as the request says (query-api bounds it).
#pragma once

#include <unordered_set>

#include "fold/tables.hpp"
#include "parley/internal/v1/read_model.pb.h"

namespace parley::projector {

namespace pb = parley::internal::v1;
namespace rows = parley::store::v1;

class Queries {
 public:
  Queries(const store::Snapshot& snapshot, std::string caller) : snapshot_(snapshot), caller_{std::move(caller)} {}
  // None: the store can't be read, or not without waiting for the disk where the snapshot is not to.
  std::optional<pb::ReadResponse> answer(const pb::ReadRequest& request);

 private:
  struct Unreadable {};  // thrown by row() and scan(), caught in answer()
  using Status = pb::ReadStatus;
  static constexpr auto kOk = pb::READ_STATUS_OK;
  static constexpr auto kNotFound = pb::READ_STATUS_NOT_FOUND;

  Status user(const pb::GetUser& query, pb::UserAnswer& out);
  Status workspace(const pb::GetWorkspace& query, pb::WorkspaceAnswer& out);
  Status workspaces(pb::WorkspacesAnswer& out);
  Status workspace_members(const pb::ListWorkspaceMembers& query, pb::MembersAnswer& out);
  Status workspace_channels(const pb::ListWorkspaceChannels& query, pb::ChannelsAnswer& out);
  Status channel(const pb::GetChannel& query, pb::ChannelAnswer& out);
  Status channel_members(const pb::ListChannelMembers& query, pb::MembersAnswer& out);
  Status inbox(pb::InboxAnswer& out);
  Status messages(const pb::GetMessages& query, pb::MessagesAnswer& out);
  Status message(const pb::GetMessage& query, pb::MessagesAnswer& out);
  Status revisions(const pb::ListRevisions& query, pb::RevisionsAnswer& out);
  Status receipts(const pb::ListReceipts& query, pb::ReceiptsAnswer& out);
  Status direct(const pb::GetDirect& query, pb::ChannelAnswer& out);
  Status command(const pb::GetCommand& query, pb::CommandAnswer& out);

  // The workspace, if the caller is in it; his membership.
  bool see_workspace(std::string_view workspace, rows::Workspace& row, rows::WorkspaceMember& me);
  // The channel, if the caller may read it; `joined`: he is in it, as me_.
  bool see_channel(std::string_view channel, rows::Channel& row, bool& joined);
  // Of the workspace that the channel is in.
  bool is_workspace_admin(std::string_view channel);
  bool has(fold::Table table, std::string_view group);
  // REQUIRES: me_ is the caller in this channel, if he is in it.
  void page(std::string_view channel, std::uint64_t first, std::uint64_t last, pb::MessagesAnswer& out);
  std::unordered_set<std::uint64_t> hidden_between(std::string_view channel, std::uint64_t first, std::uint64_t last);
  void add_reactions(std::string_view channel, pb::MessageEntry& entry);
  void thread(const pb::GetMessages& query, pb::MessagesAnswer& out);
  void inbox_entry(const core::ChannelId& which, pb::InboxAnswer& out);

  template <class Row>
  bool row(fold::Table table, std::string_view key, Row& out);
  std::optional<std::string> bytes(fold::Table table, std::string_view key);
  void scan(fold::Table table, std::string_view prefix, std::string_view from, const store::Snapshot::Visit& visit);

  const store::Snapshot& snapshot_;
  core::UserId caller_;
  rows::ChannelMember me_;  // of the channel that is read
};

}  // namespace parley::projector
