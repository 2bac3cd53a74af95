// The reads over one snapshot of one partition, on behalf of one caller. What he may not see is answered like what isn't there.
//
// Concurrency: one thread; made for one request. Limits: a page is as large as the request says (query-api bounds it).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

#include "core/apply.hpp"
#include "fold/tables.hpp"
#include "parley/internal/v1/read_model.pb.h"

namespace parley::projector {

namespace pb = parley::internal::v1;
namespace rows = parley::store::v1;

// Of a message, or of a channel's version.
inline fold::Key numbered_key(std::string_view channel, std::uint64_t number) {
  fold::Key key;
  key.raw(channel).number(number, 8);
  return key;
}

class Queries {
 public:
  Queries(const store::Snapshot& snapshot, std::string caller) : snapshot_(snapshot), caller_{std::move(caller)} {}
  // None: the store can't be read, or not without waiting for the disk where the snapshot is not to.
  std::optional<pb::ReadResponse> answer(const pb::ReadRequest& request);

  // --- what a search asks (search_query.hpp); throws Unreadable
  struct Unreadable {};  // thrown by row() and scan(), caught in answer()
  std::uint64_t next_offset();
  // Those that the caller is in: all, or this one alone. NOT_FOUND: he may not see it.
  pb::ReadStatus channels_to_search(const std::string& only, std::vector<core::ChannelId>& out);
  // None: it is not there, retracted, or hidden from the caller, or he is not in the channel.
  std::optional<pb::MessageEntry> message_found(const core::MessageRef& message);

 private:
  using Status = pb::ReadStatus;
  using Pushes = google::protobuf::RepeatedPtrField<pb::Push>;
  static constexpr auto kOk = pb::READ_STATUS_OK;
  static constexpr auto kNotFound = pb::READ_STATUS_NOT_FOUND;

  Status user(const pb::GetUser& query, pb::UserAnswer& out);
  Status account(const pb::GetAccount& query, pb::AccountAnswer& out);
  Status name(const pb::GetName& query, pb::NameAnswer& out);
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
  Status deliveries(const pb::ListDeliveries& query, pb::DeliveriesAnswer& out);
  Status direct(const pb::GetDirect& query, pb::ChannelAnswer& out);
  Status find_channels(const pb::FindChannels& query, pb::FoundChannelsAnswer& out);
  bool may_join_open(std::string_view channel);
  Status find_users(const pb::FindUsers& query, pb::UsersAnswer& out);
  Status command(const pb::GetCommand& query, pb::CommandAnswer& out);
  Status commands(const pb::ListCommands& query, pb::CommandsAnswer& out);
  Status bans(const pb::ListBans& query, pb::BansAnswer& out);
  Status events(const pb::ListEvents& query, pb::EventsAnswer& out);
  // He hears live what is from the record `attached` on.
  Status resume(const pb::Resume& query, std::uint64_t attached, pb::ResumeAnswer& out);

  // The workspace, if the caller is in it; his membership.
  bool see_workspace(std::string_view workspace, rows::Workspace& row, rows::WorkspaceMember& me);
  // The channel, if the caller may read it; `joined`: he is in it, as me_.
  bool see_channel(std::string_view channel, rows::Channel& row, bool& joined);
  // Of the workspace that the channel is in.
  bool is_workspace_admin(std::string_view channel);
  // The caller's row in a group.
  template <class Row>
  bool has_row(fold::Table table, std::string_view group, Row& out) {
    fold::Key key;
    key.raw(group).add(caller_);
    return row(table, key, out);
  }
  bool is_banned(std::string_view channel);
  // REQUIRES: me_ is the caller in this channel, if he is in it.
  void page(std::string_view channel, std::uint64_t first, std::uint64_t last, pb::MessagesAnswer& out);
  // The same page, told by seqs.
  pb::GetMessages by_seq(const pb::GetMessages& query, std::uint64_t last_seq);
  std::uint64_t first_seq_since(std::string_view channel, std::uint64_t number, std::uint64_t last_seq);
  std::unordered_set<std::uint64_t> hidden_between(std::string_view channel, std::uint64_t first, std::uint64_t last);
  void add_reactions(std::string_view channel, pb::MessageEntry& entry);
  void name_reactors(std::string_view channel, std::uint64_t seq, rows::Reaction& reaction);
  void thread(const pb::GetMessages& query, pb::MessagesAnswer& out);
  // Tells `first_of` each message from `first` to `last` that a cursor of this kind has reached, and when one first did.
  using FirstOf = std::function<void(std::uint64_t seq, std::int64_t at_ms)>;
  void reached(std::string_view channel, core::CursorKind kind, std::uint64_t first, std::uint64_t last,
               const FirstOf& first_of);
  // --- past_queries.cpp: a channel as it was
  // The newest version that is in `as_of`; 0: the channel was not there yet.
  std::uint64_t version_at(std::string_view channel, const rows::Channel& head, const pb::AsOf& as_of);
  struct Moment {
    std::uint64_t offset = 0;
    std::int64_t at_ms = 0;
    std::uint64_t last_seq = 0;
  };
  // Of the change that made this version, which is from 1 to the channel's own.
  Moment moment(std::string_view channel, const rows::Channel& head, std::uint64_t version);
  // Makes of a message as it is now what it was at `version`, when the channel had come to `last_seq`; with who reacted.
  void rewind(std::string_view channel, std::uint64_t seq, std::uint64_t version, std::uint64_t last_seq,
              rows::Message& message);
  void rewind_text(std::string_view channel, std::uint64_t seq, std::uint64_t version, rows::Message& message);
  void rewind_marks(std::string_view channel, std::uint64_t seq, std::uint64_t version, rows::Message& message);
  std::uint64_t replies_until(std::string_view channel, std::uint64_t seq, std::uint64_t last_seq);
  bool sees_retracted(std::string_view channel);
  Status members_at(const pb::ListChannelMembers& query, const rows::Channel& head, pb::MembersAnswer& out);
  // --- event_queries.cpp
  // Those from behind `after` to `up_to`, at most `limit`; which was the last. REQUIRES: up_to is not past the channel's
  // version.
  std::uint64_t add_events(std::string_view channel, const rows::Channel& head, std::uint64_t after, std::uint64_t up_to,
                           std::uint32_t limit, Pushes& out);
  void add_posts(std::string_view channel, std::uint64_t version, std::uint64_t first, std::uint64_t last, Pushes& out);
  void add_event(std::string_view channel, const rows::Event& row, pb::Push& out);
  void resume_joined(const pb::Resume::Channel& asked, std::uint32_t limit, pb::ResumeAnswer::Channel& out);
  void resume_departed(const pb::Resume::Channel& asked, std::uint64_t attached, std::uint32_t limit,
                       pb::ResumeAnswer::Channel& out);

  std::uint64_t last_shown(std::string_view channel, std::uint64_t last_seq);
  void inbox_entry(const core::ChannelId& which, pb::InboxAnswer& out);

  template <class Row>
  bool row(fold::Table table, std::string_view key, Row& out) {
    const auto found = bytes(table, key);
    if (found) parse(*found, out);
    return found.has_value();
  }
  template <class Row>
  static void parse(std::string_view bytes, Row& out) {
    if (!out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) throw Unreadable{};
  }
  std::optional<std::string> bytes(fold::Table table, std::string_view key);
  void scan(fold::Table table, std::string_view prefix, std::string_view from, const store::Snapshot::Visit& visit);

  const store::Snapshot& snapshot_;
  core::UserId caller_;
  rows::ChannelMember me_;              // of the channel that is read
  std::optional<bool> sees_retracted_;  // likewise, once it is known
  struct Past {
    std::uint64_t version = 0;
    std::uint64_t last_seq = 0;
  };
  std::optional<Past> past_;  // of the channel that is read, if it is asked for
  std::map<core::ChannelId, std::optional<rows::ChannelMember>> memberships_;  // of the caller, as far as a search has asked
};

}  // namespace parley::projector
