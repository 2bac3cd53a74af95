// Commands from a seed, over so few users, places and messages that they keep meeting each other. Some are sound, many are not.
#pragma once

#include <random>

#include "core/mentions.hpp"
#include "tests/unit/core/world.hpp"

namespace parley::core {

class RandomCommands {
 public:
  explicit RandomCommands(std::uint64_t seed) : random_(seed) {
    for (const auto* name : {"alice", "bob", "carol", "dave", ""}) users.push_back({name});
    workspaces = {workspace_id(users[0], "w"), workspace_id(users[1], "w"), WorkspaceId{}};
    for (const auto& workspace : workspaces) {
      for (const auto* key : {"1", "2", "3"}) channels.push_back(channel_id(workspace, users[0], key));
    }
    for (const auto& user : users) channels.push_back(group_id(user, "g"));
    for (const auto& one : users) {
      for (const auto& other : users) channels.push_back(direct_id(one, other));
    }
    for (const auto* name : {"p", "q"}) channels.push_back(room_id(name));
    channels.push_back({});
  }

  Command next() {
    now_.value += static_cast<std::int64_t>(below(2'000)) - 200;  // senders' clocks differ
    auto command = !last_.key.empty() && below(3) == 0 ? last_ : fresh();
    command.id = command_id(command.stream.slot(), now_, random_());
    command.received_at = now_;
    last_ = command;
    return command;
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::vector<UserId> users;
  std::vector<WorkspaceId> workspaces;
  std::vector<ChannelId> channels;

 private:
  Command fresh() {
    auto payload = random_payload();
    const auto& user = any(users);
    const auto stream = stream_for(user, payload);
    Command command{.user = user, .stream = stream, .payload = std::move(payload)};
    if (below(3) == 0) {
      command.key = std::string(1, static_cast<char>('a' + below(20)));
      command.payload_hash = {static_cast<std::uint8_t>(below(3))};
    }
    return command;
  }
  template <class T>
  const T& any(const std::vector<T>& pool) {
    return pool[below(pool.size())];
  }
  template <class T>
  std::optional<T> maybe(T value) {
    return below(3) == 0 ? std::optional{std::move(value)} : std::nullopt;
  }
  Role role() { return static_cast<Role>(1 + below(3)); }
  Seq seq() { return {below(6)}; }
  Version version() { return {below(8)}; }
  std::string word() { return std::string(1, static_cast<char>('p' + below(4))); }
  std::vector<UserId> some_users() {
    std::vector<UserId> some;
    for (auto i = below(4); i > 0; --i) some.push_back(any(users));
    return some;
  }

  Payload random_payload() {
    switch (below(39)) {
      case 0:
        return SetProfile{word(), maybe(word())};
      case 1:
        return CreateWorkspace{any(workspaces), word()};
      case 2:
        return UpdateWorkspace{any(workspaces), word(), maybe(version())};
      case 3:
        return below(20) == 0 ? Payload{DeleteWorkspace{any(workspaces)}} : create_channel();
      case 4:
      case 5:
        return SetWorkspaceMember{any(workspaces), any(users), maybe(role())};
      case 6:
        return RemoveWorkspaceMember{any(workspaces), any(users)};
      case 7:
      case 8:
        return create_channel();
      case 9:
        return OpenDirect{any(channels), any(users)};
      case 10:
        return UpdateChannel{any(channels),        maybe(word()),    maybe(word()),
                             maybe(below(2) == 0), maybe(version()), maybe(R"({"a":")" + word() + R"("})")};
      case 11:
        return below(4) == 0 ? Payload{DeleteChannel{any(channels)}} : direct_post();
      case 12:
      case 13:
        return SetChannelMember{any(channels), any(users), maybe(role())};
      case 14:
        return RemoveChannelMember{any(channels), any(users)};
      case 15:
        return direct_post();
      case 16:
        return said(EditMessage{.channel = any(channels), .seq = seq(), .if_version = maybe(version())});
      case 17:
        return RetractMessage{any(channels), seq()};
      case 18:
      case 19:
        return MoveCursor{any(channels), seq(), below(2) == 0 ? CursorKind::Read : CursorKind::Delivered};
      case 20:
        return HideMessage{any(channels), seq()};
      case 29:
        return HideUpTo{any(channels), seq()};
      case 21:
      case 22:
        return SetReaction{any(channels), seq(), word(), below(3) != 0};
      case 26:
        return below(3) == 0 ? Payload{EraseUser{any(users), 1 + below(50), {}}} : direct_post();
      case 30:
        return CreateAccount{word(), "NORMAL", "$argon2id$" + word()};
      case 27:
        return ReserveName{{word(), word()}};
      case 28:
        return ReleaseName{{word(), word()}};
      case 23:
        return SetPin{any(channels), seq(), below(2) == 0};
      case 24:
        return SetBan{any(channels), any(users), below(3) != 0, word(), maybe(TimeMs{now_.value + 5'000})};
      case 25: {
        const auto name = word();
        return OpenRoom{below(10) == 0 ? any(channels) : room_id(name), name};
      }
      default:
        return said(PostMessage{.channel = any(channels), .reply_to = below(3) == 0 ? seq() : Seq{}});
    }
  }
  template <class Said>
  Said said(Said payload) {
    payload.text = word();
    for (const auto& user : some_users()) payload.text += "<@" + user.text + ">";
    payload.mentions = mentions_in(payload.text);
    return payload;
  }
  Payload create_channel() {
    const auto kind = static_cast<ChannelKind>(1 + below(5));
    const auto workspace = below(5) == 0 ? std::nullopt : std::optional{any(workspaces)};
    return CreateChannel{any(channels),
                         kind,
                         kind == ChannelKind::Group ? maybe(any(workspaces)) : workspace,
                         word(),
                         "",
                         some_users(),
                         below(4) == 0 ? R"({"a":1})" : "",
                         kind == ChannelKind::Group ? below(2) == 0 : below(10) == 0};
  }
  Payload direct_post() {
    const auto& one = any(users);
    const auto& other = any(users);
    return said(PostMessage{.channel = direct_id(one, other), .direct_to = other});
  }

  std::mt19937_64 random_;
  TimeMs now_{1'767'225'600'000};
  Command last_;  // a client tries it again, if it has a key
};

}  // namespace parley::core
