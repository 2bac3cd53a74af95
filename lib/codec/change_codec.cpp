#include "codec/change_codec.hpp"

#include <cstdlib>

#include "codec/row_proto.hpp"

namespace parley::codec {
namespace {

namespace pb = parley::internal::v1;

std::optional<core::Role> role_of(std::int32_t number) {
  if (number < 1 || number > 3) return std::nullopt;
  return static_cast<core::Role>(number);
}

struct BodyWriter {
  pb::Change& out;

  static void message(pb::MessageChange& to, const core::Message& m) {
    to.set_seq(m.seq.value);
    to_proto(m, *to.mutable_row());
  }
  static void member(auto& to, const core::UserId& user, core::Role role) {
    to.set_user(user.text);
    to.set_role(static_cast<std::int32_t>(role));
  }

  void operator()(const core::MessagePosted& c) const { message(*out.mutable_message_posted(), c.message); }
  void operator()(const core::MessageEdited& c) const { message(*out.mutable_message_edited(), c.message); }
  void operator()(const core::MessageRetracted& c) const { message(*out.mutable_message_retracted(), c.message); }
  void operator()(const core::MemberJoined& c) const {
    member(*out.mutable_member_joined(), c.user, c.member.role);
    out.mutable_member_joined()->set_again(c.again);
  }
  void operator()(const core::MemberLeft& c) const { member(*out.mutable_member_left(), c.user, c.role); }
  void operator()(const core::ChannelCreated& c) const {
    auto& created = *out.mutable_channel_created();
    to_proto(c.head, *created.mutable_row());
    for (const auto& [user, m] : c.members) created.add_members(user.text);
  }
  void operator()(const core::ChannelUpdated& c) const { to_proto(c.head, *out.mutable_channel_updated()->mutable_row()); }
  void operator()(const core::ChannelDeleted& c) const {
    auto& deleted = *out.mutable_channel_deleted();
    to_proto(c.head, *deleted.mutable_row());
    for (const auto& user : c.members) deleted.add_members(user.text);
  }
  void operator()(const core::CursorMoved& c) const {
    auto& moved = *out.mutable_cursor_moved();
    const bool read = c.kind == core::CursorKind::Read;
    moved.set_user(c.user.text);
    moved.set_seq((read ? c.member.read_seq : c.member.delivered_seq).value);
    moved.set_kind(static_cast<std::int32_t>(c.kind));
    if (c.author) moved.set_author(c.author->text);
  }
  void operator()(const core::ReactionChanged& c) const {
    auto& changed = *out.mutable_reaction_changed();
    changed.set_seq(c.message.seq.value);
    changed.set_emoji(c.emoji);
    changed.set_on(c.on);
  }
  void operator()(const core::PinChanged& c) const {
    out.mutable_pin_changed()->set_seq(c.message.seq.value);
    out.mutable_pin_changed()->set_on(c.message.pinned);
  }
  void operator()(const core::MessageHidden& c) const { out.mutable_message_hidden()->set_seq(c.seq.value); }
  void operator()(const core::MessagesHidden& c) const { out.mutable_messages_hidden()->set_seq(c.seq.value); }
  void operator()(const core::WorkspaceMemberJoined& c) const {
    member(*out.mutable_workspace_joined(), c.user, c.member.role);
  }
  void operator()(const core::WorkspaceMemberLeft& c) const { member(*out.mutable_workspace_left(), c.user, c.role); }
  // No client change.
  void operator()(const auto&) const { std::abort(); }
};

// Reads the body of a change whose other fields are read.
class BodyReader {
 public:
  explicit BodyReader(const core::Change& change) : change_(change) {}

  std::optional<core::ChangeBody> read(const pb::Change& in) const {
    switch (in.body_case()) {
      case pb::Change::kMessagePosted:
        return message<core::MessagePosted>(in.message_posted());
      case pb::Change::kMessageEdited:
        return message<core::MessageEdited>(in.message_edited());
      case pb::Change::kMessageRetracted:
        return message<core::MessageRetracted>(in.message_retracted());
      case pb::Change::kMemberJoined:
        return joined(in.member_joined());
      case pb::Change::kMemberLeft:
        return left<core::MemberLeft>(in.member_left());
      case pb::Change::kChannelCreated:
        return created(in.channel_created());
      case pb::Change::kChannelUpdated:
        return updated(in.channel_updated());
      case pb::Change::kChannelDeleted:
        return deleted(in.channel_deleted());
      case pb::Change::kCursorMoved:
        return moved(in.cursor_moved());
      case pb::Change::kReactionChanged:
        return core::ReactionChanged{marked(in.reaction_changed().seq()), in.reaction_changed().emoji(),
                                     in.reaction_changed().on()};
      case pb::Change::kPinChanged: {
        core::PinChanged changed{marked(in.pin_changed().seq())};
        changed.message.pinned = in.pin_changed().on();
        return changed;
      }
      case pb::Change::kMessageHidden:
        return core::MessageHidden{{in.message_hidden().seq()}};
      case pb::Change::kMessagesHidden:
        return core::MessagesHidden{{in.messages_hidden().seq()}};
      case pb::Change::kWorkspaceJoined:
        return workspace_joined(in.workspace_joined());
      case pb::Change::kWorkspaceLeft:
        return left<core::WorkspaceMemberLeft>(in.workspace_left());
      case pb::Change::BODY_NOT_SET:
        break;
    }
    return std::nullopt;
  }

 private:
  template <class Body>
  std::optional<core::ChangeBody> message(const pb::MessageChange& in) const {
    auto message = from_proto(change_.channel(), {in.seq()}, in.row());
    if (!message) return std::nullopt;
    return Body{std::move(*message)};
  }
  // Of the message only its place is told.
  [[nodiscard]] core::Message marked(std::uint64_t seq) const {
    return {.channel = change_.channel(), .seq = {seq}, .version = change_.version};
  }
  std::optional<core::ChangeBody> joined(const pb::MemberChange& in) const {
    const auto role = role_of(in.role());
    if (!role) return std::nullopt;
    return core::MemberJoined{{in.user()}, {.role = *role, .joined_at = change_.at}, in.again()};
  }
  std::optional<core::ChangeBody> workspace_joined(const pb::WorkspaceMemberChange& in) const {
    const auto role = role_of(in.role());
    if (!role) return std::nullopt;
    return core::WorkspaceMemberJoined{{in.user()}, {.role = *role, .joined_at = change_.at}};
  }
  template <class Body>
  std::optional<core::ChangeBody> left(const auto& in) const {
    const auto role = role_of(in.role());
    if (!role) return std::nullopt;
    return Body{{in.user()}, *role};
  }
  // Whoever made a channel owns it; a direct one belongs to both alike.
  std::optional<core::ChangeBody> created(const pb::ChannelChange& in) const {
    auto head = from_proto(change_.channel(), in.row());
    if (!head) return std::nullopt;
    core::ChannelCreated created{.head = std::move(*head)};
    for (const auto& user : in.members()) {
      const bool owns = created.head.kind != core::ChannelKind::Direct && user == created.head.created_by.text;
      created.members.push_back({{user}, {.role = owns ? core::Role::Owner : core::Role::Member, .joined_at = change_.at}});
    }
    return created;
  }
  std::optional<core::ChangeBody> updated(const pb::ChannelChange& in) const {
    auto head = from_proto(change_.channel(), in.row());
    if (!head) return std::nullopt;
    return core::ChannelUpdated{std::move(*head)};
  }
  std::optional<core::ChangeBody> deleted(const pb::ChannelChange& in) const {
    auto head = from_proto(change_.channel(), in.row());
    if (!head) return std::nullopt;
    core::ChannelDeleted deleted{.head = std::move(*head)};
    for (const auto& user : in.members()) deleted.members.push_back({user});
    return deleted;
  }
  std::optional<core::ChangeBody> moved(const pb::CursorChange& in) const {
    core::CursorMoved moved{.user = {in.user()}};
    if (!in.author().empty()) moved.author = core::UserId{in.author()};
    if (in.kind() == static_cast<std::int32_t>(core::CursorKind::Read)) {
      moved.kind = core::CursorKind::Read;
      moved.member.read_seq = {in.seq()};
      moved.member.read_at = change_.at;
    } else if (in.kind() == static_cast<std::int32_t>(core::CursorKind::Delivered)) {
      moved.kind = core::CursorKind::Delivered;
      moved.member.delivered_seq = {in.seq()};
    } else {
      return std::nullopt;
    }
    return moved;
  }

  const core::Change& change_;
};

struct IsTold {
  bool operator()(const core::BanChanged&) const { return false; }
  bool operator()(const core::ReplyCounted&) const { return false; }
  bool operator()(const core::WorkspaceCreated&) const { return false; }
  bool operator()(const core::WorkspaceUpdated&) const { return false; }
  bool operator()(const core::WorkspaceDeleted&) const { return false; }
  bool operator()(const core::ProfileSet&) const { return false; }
  bool operator()(const core::UserErased&) const { return false; }
  bool operator()(const core::NameChanged&) const { return false; }
  bool operator()(const core::AccountCreated&) const { return false; }
  bool operator()(const core::CursorMoved& c) const { return c.moves; }
  bool operator()(const auto&) const { return true; }
};

// A change of a workspace's membership that goes with `change`.
core::Change beside(const core::Change& change, core::ChangeBody body) {
  return {change.subject, change.version, change.at, change.actor, std::move(body)};
}

}  // namespace

bool is_client_change(const core::Change& change) { return std::visit(IsTold{}, change.body); }

std::vector<core::Change> member_changes(const core::Change& change) {
  std::vector<core::Change> members;
  if (const auto* created = std::get_if<core::WorkspaceCreated>(&change.body)) {
    members.push_back(beside(change, core::WorkspaceMemberJoined{created->head.owner, created->owner}));
  } else if (const auto* deleted = std::get_if<core::WorkspaceDeleted>(&change.body)) {
    members.reserve(deleted->members.size());
    for (const auto& [user, role] : deleted->members) members.push_back(beside(change, core::WorkspaceMemberLeft{user, role}));
  }
  return members;
}

void to_proto(const core::Change& change, pb::Change& out) {
  out.set_channel(std::string(change.subject.bytes()));
  out.set_version(change.version.value);
  out.set_at_ms(change.at.value);
  out.set_actor(change.actor.text);
  std::visit(BodyWriter{out}, change.body);
}

std::optional<core::Change> from_proto(const pb::Change& in) {
  const auto subject = core::Uuid::from_bytes(in.channel());
  if (!subject) return std::nullopt;
  core::Change change{*subject, {in.version()}, {in.at_ms()}, {in.actor()}, {}};
  auto body = BodyReader(change).read(in);
  if (!body) return std::nullopt;
  change.body = std::move(*body);
  return change;
}

}  // namespace parley::codec
