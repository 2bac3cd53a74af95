#include "codec/row_proto.hpp"

namespace parley::codec {
namespace {

std::string bytes_of(const auto& id) { return std::string(id.bytes()); }

std::optional<core::Role> role_of(std::int32_t number) {
  if (number < 1 || number > 3) return std::nullopt;
  return static_cast<core::Role>(number);
}

std::optional<core::ChannelKind> kind_of(std::int32_t number) {
  if (number < 1 || number > 5) return std::nullopt;
  return static_cast<core::ChannelKind>(number);
}

// Status and code as they go together: a code with a rejection, none otherwise.
bool read_verdict(const rows::Outcome& row, core::Outcome& outcome) {
  outcome.status = static_cast<core::Status>(row.status());
  outcome.code = static_cast<core::Code>(row.code());
  if (row.status() == static_cast<std::uint32_t>(core::Status::Accepted)) return row.code() == 0;
  if (row.status() != static_cast<std::uint32_t>(core::Status::Rejected)) return false;
  return row.code() >= 1 && row.code() <= static_cast<std::uint32_t>(core::Code::KeyReused);
}

struct ResultWriter {
  rows::Result& out;

  void operator()(std::monostate) const {}
  void operator()(const core::UserResult& user) const {
    out.mutable_user()->set_id(user.id.text);
    to_proto(user.profile, *out.mutable_user()->mutable_row());
  }
  void operator()(const core::WorkspaceHead& head) const {
    out.mutable_workspace()->set_id(bytes_of(head.id));
    to_proto(head, *out.mutable_workspace()->mutable_row());
  }
  void operator()(const core::MemberResult& member) const {
    auto& row = *out.mutable_member();
    row.set_user(member.user.text);
    row.set_role(static_cast<std::int32_t>(member.role));
    row.set_joined_at_ms(member.joined_at.value);
  }
  void operator()(const core::ChannelHead& head) const {
    out.mutable_channel_head()->set_id(bytes_of(head.id));
    to_proto(head, *out.mutable_channel_head()->mutable_row());
  }
  void operator()(const core::MessageResult& result) const {
    out.mutable_message()->set_seq(result.message.seq.value);
    to_proto(result.message, *out.mutable_message()->mutable_row());
  }
  void operator()(const core::BanResult& banned) const {
    out.mutable_ban()->set_user(banned.user.text);
    to_proto(banned.ban, *out.mutable_ban()->mutable_row());
  }
  void operator()(const core::NameResult& named) const {
    to_proto(named.reservation, *out.mutable_name()->mutable_row());
    out.mutable_name()->set_fresh(named.fresh);
  }
  void operator()(const core::CursorResult&) const {}  // the outcome's seq says it
};

std::optional<core::Result> result_of(const rows::UserResult& user) {
  auto profile = from_proto(user.row());
  if (!profile) return std::nullopt;
  return core::UserResult{{user.id()}, std::move(*profile)};
}
std::optional<core::Result> result_of(const rows::WorkspaceResult& workspace) {
  const auto id = core::WorkspaceId::from_bytes(workspace.id());
  return id ? from_proto(*id, workspace.row()) : std::nullopt;
}
std::optional<core::Result> result_of(const rows::MemberResult& member) {
  const auto role = role_of(member.role());
  if (!role) return std::nullopt;
  return core::MemberResult{{member.user()}, *role, {member.joined_at_ms()}};
}
std::optional<core::Result> result_of(const rows::ChannelResult& channel) {
  const auto id = core::ChannelId::from_bytes(channel.id());
  return id ? from_proto(*id, channel.row()) : std::nullopt;
}
std::optional<core::Result> result_of(const std::optional<core::ChannelId>& channel, const rows::MessageResult& message) {
  if (!channel) return std::nullopt;
  auto read = from_proto(*channel, {message.seq()}, message.row());
  if (!read) return std::nullopt;
  return core::MessageResult{std::move(*read)};
}

// None: broken. What the first answer said, of whatever type the command was.
std::optional<core::Result> read_result(const rows::Result& row, const std::optional<core::ChannelId>& channel) {
  if (row.has_user()) return result_of(row.user());
  if (row.has_workspace()) return result_of(row.workspace());
  if (row.has_member()) return result_of(row.member());
  if (row.has_channel_head()) return result_of(row.channel_head());
  if (row.has_ban()) return core::BanResult{{row.ban().user()}, from_proto(row.ban().row())};
  if (row.has_name()) return core::NameResult{from_proto(row.name().row()), row.name().fresh()};
  if (row.has_message()) return result_of(channel, row.message());
  return core::Result{};
}

}  // namespace

void to_proto(const core::UserProfile& profile, rows::User& out) {
  out.set_name(profile.name);
  if (profile.avatar_url) out.set_avatar_url(*profile.avatar_url);
  out.set_created_at_ms(profile.created_at.value);
}

std::optional<core::UserProfile> from_proto(const rows::User& row) {
  core::UserProfile profile{.name = row.name(), .created_at = {row.created_at_ms()}};
  if (row.has_avatar_url()) profile.avatar_url = row.avatar_url();
  return profile;
}

void to_proto(const core::WorkspaceHead& head, rows::Workspace& out) {
  out.set_name(head.name);
  out.set_owner(head.owner.text);
  out.set_created_at_ms(head.created_at.value);
  out.set_version(head.version.value);
  out.set_deleted(head.deleted);
  out.set_member_count(head.member_count);
}

std::optional<core::WorkspaceHead> from_proto(const core::WorkspaceId& id, const rows::Workspace& row) {
  return core::WorkspaceHead{.id = id,
                             .name = row.name(),
                             .owner = {row.owner()},
                             .created_at = {row.created_at_ms()},
                             .version = {row.version()},
                             .deleted = row.deleted(),
                             .member_count = row.member_count()};
}

void to_proto(const core::WorkspaceMember& member, rows::WorkspaceMember& out) {
  out.set_role(static_cast<std::int32_t>(member.role));
  out.set_joined_at_ms(member.joined_at.value);
}

std::optional<core::WorkspaceMember> from_proto(const rows::WorkspaceMember& row) {
  const auto role = role_of(row.role());
  if (!role) return std::nullopt;
  return core::WorkspaceMember{*role, {row.joined_at_ms()}};
}

void to_proto(const core::ChannelHead& head, rows::Channel& out) {
  out.set_kind(static_cast<std::int32_t>(head.kind));
  if (head.workspace) out.set_workspace(bytes_of(*head.workspace));
  out.set_name(head.name);
  out.set_topic(head.topic);
  out.set_created_by(head.created_by.text);
  out.set_created_at_ms(head.created_at.value);
  out.set_last_seq(head.last_seq.value);
  out.set_version(head.version.value);
  out.set_archived(head.archived);
  out.set_deleted(head.deleted);
  out.set_member_count(head.member_count);
  out.set_active_at_ms(head.active_at.value);
  out.set_metadata(head.metadata);
  out.set_open(head.open);
  out.set_last_number(head.last_number.value);
  out.set_reached_by_reading(head.reached_by_reading.value);
  out.set_reached_by_delivery(head.reached_by_delivery.value);
}

std::optional<core::ChannelHead> from_proto(const core::ChannelId& id, const rows::Channel& row) {
  const auto kind = kind_of(row.kind());
  const auto workspace = core::WorkspaceId::from_bytes(row.workspace());
  if (!kind || (!workspace && !row.workspace().empty())) return std::nullopt;
  return core::ChannelHead{.id = id,
                           .kind = *kind,
                           .workspace = workspace,
                           .name = row.name(),
                           .topic = row.topic(),
                           .created_by = {row.created_by()},
                           .created_at = {row.created_at_ms()},
                           .last_seq = {row.last_seq()},
                           .version = {row.version()},
                           .archived = row.archived(),
                           .deleted = row.deleted(),
                           .member_count = row.member_count(),
                           .active_at = {row.active_at_ms()},
                           .metadata = row.metadata(),
                           .open = row.open(),
                           .last_number = {row.last_number()},
                           .reached_by_reading = {row.reached_by_reading()},
                           .reached_by_delivery = {row.reached_by_delivery()}};
}

void to_proto(const core::ChannelMember& member, rows::ChannelMember& out) {
  out.set_role(static_cast<std::int32_t>(member.role));
  out.set_joined_at_ms(member.joined_at.value);
  out.set_read_seq(member.read_seq.value);
  out.set_delivered_seq(member.delivered_seq.value);
  out.set_read_at_ms(member.read_at.value);
  out.set_hides(member.hides);
  out.set_mention_count(member.mention_count);
  out.set_joined_version(member.joined_version.value);
  out.set_hidden_seq(member.hidden_seq.value);
}

std::optional<core::ChannelMember> from_proto(const rows::ChannelMember& row) {
  const auto role = role_of(row.role());
  if (!role) return std::nullopt;
  return core::ChannelMember{
      *role,       {row.joined_at_ms()}, {row.read_seq()},       {row.delivered_seq()}, {row.read_at_ms()},
      row.hides(), row.mention_count(),  {row.joined_version()}, {row.hidden_seq()}};
}

void to_proto(const core::Ban& ban, rows::Ban& out) {
  out.set_reason(ban.reason);
  if (ban.until) out.set_until_ms(ban.until->value);
  out.set_by(ban.by.text);
  out.set_at_ms(ban.at.value);
}

core::Ban from_proto(const rows::Ban& row) {
  core::Ban ban{.reason = row.reason(), .by = {row.by()}, .at = {row.at_ms()}};
  if (row.has_until_ms()) ban.until = core::TimeMs{row.until_ms()};
  return ban;
}

void to_proto(const core::Reservation& reservation, rows::Name& out) {
  if (reservation.owner) out.set_owner(reservation.owner->text);
  out.set_version(reservation.version.value);
  out.set_reserved_at_ms(reservation.reserved_at.value);
}

core::Reservation from_proto(const rows::Name& row) {
  core::Reservation reservation{.version = {row.version()}, .reserved_at = {row.reserved_at_ms()}};
  if (!row.owner().empty()) reservation.owner = core::UserId{row.owner()};
  return reservation;
}

void to_proto(const core::Message& message, rows::Message& out) {
  out.set_version(message.version.value);
  out.set_author(message.author.text);
  out.set_text(message.text);
  out.set_posted_at_ms(message.posted_at.value);
  out.set_edited_at_ms(message.edited_at ? message.edited_at->value : 0);
  out.set_retracted(message.retracted);
  out.set_retracted_at_ms(message.retracted_at ? message.retracted_at->value : 0);
  out.set_reply_to(message.reply_to.value);
  out.set_reply_count(message.reply_count);
  out.set_pinned(message.pinned);
  out.set_attachments(message.attachments);
  out.set_metadata(message.metadata);
  for (const auto& reaction : message.reactions) {
    auto& kind = *out.add_reactions();
    kind.set_emoji(reaction.emoji);
    kind.set_count(reaction.count);
    for (const auto& user : reaction.users) kind.add_users(user.text);
  }
  out.set_edits(message.edits);
  out.set_text_version(message.text_version.value);
  for (const auto& user : message.mentions) out.add_mentions(user.text);
  if (message.posted_version != message.version) out.set_posted_version(message.posted_version.value);
  out.set_offset(message.offset);
  out.set_erased(message.erased);
  out.set_number(kept_number(message));
}

std::optional<core::Message> from_proto(const core::ChannelId& channel, core::Seq seq, const rows::Message& row) {
  core::Message message{.channel = channel,
                        .seq = seq,
                        .version = {row.version()},
                        .author = {row.author()},
                        .text = row.text(),
                        .posted_at = {row.posted_at_ms()},
                        .number = number_of(row.number(), {row.posted_at_ms()}),
                        .retracted = row.retracted(),
                        .reply_to = {row.reply_to()},
                        .reply_count = row.reply_count(),
                        .pinned = row.pinned(),
                        .edits = row.edits(),
                        .text_version = {row.text_version()},
                        .attachments = row.attachments(),
                        .metadata = row.metadata(),
                        .posted_version = {row.posted_version() == 0 ? row.version() : row.posted_version()},
                        .offset = row.offset(),
                        .erased = row.erased()};
  for (const auto& user : row.mentions()) message.mentions.push_back({user});
  if (row.edited_at_ms() != 0) message.edited_at = core::TimeMs{row.edited_at_ms()};
  if (row.retracted_at_ms() != 0) message.retracted_at = core::TimeMs{row.retracted_at_ms()};
  for (const auto& kind : row.reactions()) {
    auto& reaction = message.reactions.emplace_back(kind.emoji(), kind.count());
    for (const auto& user : kind.users()) reaction.users.push_back({user});
  }
  return message;
}

void to_proto(const core::Outcome& outcome, rows::Outcome& out) {
  out.set_status(static_cast<std::uint32_t>(outcome.status));
  out.set_code(static_cast<std::uint32_t>(outcome.code));
  out.set_detail(outcome.detail);
  auto& result = *out.mutable_result();
  if (outcome.channel) result.set_channel(bytes_of(*outcome.channel));
  result.set_seq(outcome.seq.value);
  result.set_version(outcome.version.value);
  result.set_at_ms(outcome.at.value);
  std::visit(ResultWriter{result}, outcome.result);
}

std::optional<core::Outcome> outcome_from_proto(const rows::Outcome& row) {
  core::Outcome outcome;
  const auto& result = row.result();
  outcome.channel = core::ChannelId::from_bytes(result.channel());
  if (!read_verdict(row, outcome) || (!outcome.channel && !result.channel().empty())) return std::nullopt;
  auto read = read_result(result, outcome.channel);
  if (!read) return std::nullopt;
  outcome.detail = row.detail();
  outcome.seq = {result.seq()};
  outcome.version = {result.version()};
  outcome.at = {result.at_ms()};
  outcome.result = std::move(*read);
  return outcome;
}

void to_proto(const OutcomeRow& row, rows::Outcome& out) {
  to_proto(row.outcome, out);
  out.set_offset(row.offset);
  out.set_stream(bytes_of(row.stream));
  out.set_user(row.user.text);
  out.set_duplicate(row.duplicate);
  out.set_kind(row.kind);
}

std::optional<OutcomeRow> from_proto(const rows::Outcome& row) {
  const auto stream = core::StreamId::from_bytes(row.stream());
  auto outcome = outcome_from_proto(row);
  if (!stream || !outcome) return std::nullopt;
  return OutcomeRow{.outcome = std::move(*outcome),
                    .offset = row.offset(),
                    .stream = *stream,
                    .user = {row.user()},
                    .duplicate = row.duplicate(),
                    .kind = row.kind()};
}

}  // namespace parley::codec
