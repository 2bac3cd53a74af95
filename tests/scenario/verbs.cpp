#include "tests/scenario/verbs.hpp"

#include <functional>

#include "core/mentions.hpp"

namespace parley::scenario {
namespace {

using core::UserId;

// One line while it is read.
struct Line {
  const UserId& user;
  Words& words;
  Names& names;

  core::ChannelId channel() { return names.channel(words.word()); }
  core::WorkspaceId workspace() {
    const auto name = words.word();
    if (const auto* id = names.workspace(name)) return *id;
    words.fail("no such workspace in this script: " + name);
    return {};
  }
  core::Seq seq() { return {words.number()}; }
  std::optional<core::Version> if_version() {
    const auto number = words.number_option("if");
    return number ? std::optional{core::Version{*number}} : std::nullopt;
  }
  std::optional<core::Role> role() {
    const auto word = words.another();
    if (!word) return std::nullopt;
    if (*word == "owner") return core::Role::Owner;
    if (*word == "admin") return core::Role::Admin;
    if (*word != "member") words.fail("no such role: " + *word);
    return core::Role::Member;
  }
  std::vector<UserId> users(const std::string& option) {
    std::vector<UserId> users;
    for (auto& name : words.list_option(option)) users.push_back({std::move(name)});
    return users;
  }
  // Calls one of the two with the id of what the next word names.
  core::Payload either(const std::function<core::Payload(core::WorkspaceId)>& for_workspace,
                       const std::function<core::Payload(core::ChannelId)>& for_channel) {
    const auto name = words.word();
    const auto* workspace = names.workspace(name);
    return workspace ? for_workspace(*workspace) : for_channel(names.channel(name));
  }
};

core::Payload create_workspace(Line& line) {
  const auto name = line.words.word();
  const auto id = core::workspace_id(line.user, name);
  line.names.give(name, id);
  return core::CreateWorkspace{id, line.words.word()};
}

core::Payload create_channel(Line& line) {
  const auto name = line.words.word();
  const auto kind = line.words.word() == "private" ? core::ChannelKind::Private : core::ChannelKind::Public;
  const auto workspace = line.workspace();
  const auto id = core::channel_id(workspace, line.user, name);
  line.names.give(name, id);
  return core::CreateChannel{id,
                             kind,
                             workspace,
                             line.words.option("name").value_or(name),
                             line.words.option("topic").value_or(""),
                             line.users("with")};
}

core::Payload create_group(Line& line) {
  const auto name = line.words.word();
  const auto id = core::group_id(line.user, name);
  line.names.give(name, id);
  core::CreateChannel create{id, core::ChannelKind::Group, {}, name, "", line.users("with")};
  create.open = line.words.option("open") == "true";
  return create;
}

core::Payload open_direct(Line& line) {
  const UserId other{line.words.word()};
  return core::OpenDirect{line.names.direct(line.user, other), other};
}

core::Payload open_room(Line& line) {
  auto name = line.words.word();
  const auto id = core::room_id(name);
  line.names.give(name, id);
  return core::OpenRoom{id, std::move(name)};
}

core::Payload update(Line& line) {
  core::UpdateChannel update{.channel = line.channel(), .name = line.words.option("name"), .topic = line.words.option("topic")};
  if (const auto archived = line.words.option("archived")) update.archived = *archived == "true";
  update.if_version = line.if_version();
  return update;
}

core::Payload rename(Line& line) {
  const auto workspace = line.workspace();
  return core::UpdateWorkspace{workspace, line.words.word(), line.if_version()};
}

core::Payload remove_all_of(Line& line) {
  return line.either([](auto id) { return core::DeleteWorkspace{id}; }, [](auto id) { return core::DeleteChannel{id}; });
}

core::Payload invite(Line& line) {
  const auto set = [&](auto payload) {
    payload.user.text = line.words.word();
    payload.role = line.role();
    return payload;
  };
  return line.either([&](auto id) { return set(core::SetWorkspaceMember{.workspace = id}); },
                     [&](auto id) { return set(core::SetChannelMember{.channel = id}); });
}

core::Payload join(Line& line) { return core::SetChannelMember{line.channel(), line.user, line.role()}; }

core::Payload leave(Line& line) {
  return line.either([&](auto id) { return core::RemoveWorkspaceMember{id, line.user}; },
                     [&](auto id) { return core::RemoveChannelMember{id, line.user}; });
}

core::Payload remove(Line& line) {
  return line.either([&](auto id) { return core::RemoveWorkspaceMember{id, {line.words.word()}}; },
                     [&](auto id) { return core::RemoveChannelMember{id, {line.words.word()}}; });
}

core::Payload post(Line& line) {
  const auto channel = line.channel();
  auto text = line.words.word();
  auto mentions = core::mentions_in(text);
  return core::PostMessage{.channel = channel,
                           .text = std::move(text),
                           .reply_to = {line.words.number_option("reply_to").value_or(0)},
                           .mentions = std::move(mentions)};
}

core::Payload post_direct(Line& line) {
  const UserId other{line.words.word()};
  return core::PostMessage{.channel = line.names.direct(line.user, other), .direct_to = other, .text = line.words.word()};
}

core::Payload edit(Line& line) {
  const auto channel = line.channel();
  const auto seq = line.seq();
  auto text = line.words.word();
  auto mentions = core::mentions_in(text);
  return core::EditMessage{channel, seq, std::move(text), line.if_version(), std::move(mentions)};
}

core::Payload retract(Line& line) {
  const auto channel = line.channel();
  return core::RetractMessage{channel, line.seq()};
}

core::Payload hide(Line& line) {
  const auto channel = line.channel();
  return core::HideMessage{channel, line.seq()};
}

core::Payload hide_up_to(Line& line) {
  const auto channel = line.channel();
  return core::HideUpTo{channel, line.seq()};
}

core::Payload set_reaction(Line& line, bool on) {
  const auto channel = line.channel();
  const auto seq = line.seq();
  return core::SetReaction{channel, seq, line.words.word(), on};
}

core::Payload set_pin(Line& line, bool on) {
  const auto channel = line.channel();
  return core::SetPin{channel, line.seq(), on};
}

core::Payload ban(Line& line) {
  core::SetBan ban{.channel = line.channel(), .user = {line.words.word()}};
  if (const auto until = line.words.number_option("until_ms")) ban.until = core::TimeMs{static_cast<std::int64_t>(*until)};
  ban.reason = line.words.option("reason").value_or("");
  return ban;
}

core::Payload unban(Line& line) {
  const auto channel = line.channel();
  return core::SetBan{.channel = channel, .user = {line.words.word()}, .on = false};
}

core::Payload move_cursor(Line& line, core::CursorKind kind) {
  const auto channel = line.channel();
  return core::MoveCursor{channel, line.seq(), kind};
}

core::Payload set_profile(Line& line) { return core::SetProfile{line.words.word(), line.words.option("avatar")}; }

core::SiteName site_name(Line& line) {
  core::SiteName name{line.words.word(), line.words.word()};
  line.names.give(name);
  return name;
}

using Verb = core::Payload (*)(Line&);
const std::map<std::string, Verb> kVerbs = {
    {"create_workspace", create_workspace},
    {"create_channel", create_channel},
    {"create_group", create_group},
    {"open_direct", open_direct},
    {"open_room", open_room},
    {"update", update},
    {"rename", rename},
    {"delete", remove_all_of},
    {"invite", invite},
    {"join", join},
    {"leave", leave},
    {"remove", remove},
    {"post", post},
    {"post_direct", post_direct},
    {"edit", edit},
    {"retract", retract},
    {"hide", hide},
    {"hide_up_to", hide_up_to},
    {"react", [](Line& line) { return set_reaction(line, true); }},
    {"unreact", [](Line& line) { return set_reaction(line, false); }},
    {"ban", ban},
    {"unban", unban},
    {"pin", [](Line& line) { return set_pin(line, true); }},
    {"unpin", [](Line& line) { return set_pin(line, false); }},
    {"read", [](Line& line) { return move_cursor(line, core::CursorKind::Read); }},
    {"delivered", [](Line& line) { return move_cursor(line, core::CursorKind::Delivered); }},
    {"set_profile", set_profile},
    {"create_account",
     [](Line& line) -> core::Payload { return core::CreateAccount{line.words.word(), "NORMAL", "$argon2id$"}; }},
    {"reserve", [](Line& line) -> core::Payload { return core::ReserveName{site_name(line)}; }},
    {"release", [](Line& line) -> core::Payload { return core::ReleaseName{site_name(line)}; }},
    {"erase", [](Line& line) -> core::Payload { return core::EraseUser{{line.words.word()}, 1, {}}; }},
};

}  // namespace

std::optional<core::Payload> payload_of(const core::UserId& user, Words& words, Names& names) {
  const auto verb = kVerbs.find(words.word());
  if (verb == kVerbs.end()) return std::nullopt;
  Line line{user, words, names};
  return verb->second(line);
}

}  // namespace parley::scenario
