// What an export says, one thing after the other: the common tongue of the readers of exports (jsonl, slack/) and of the one
// who moves it in (mover.hpp). Users are Parley's; everything else is named as its source names it. Values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/command.hpp"

namespace parley::migrate {

// Of an id that the source gives: 1 to so many characters, none of them a control character.
inline constexpr std::size_t kMaxSourceIdCharacters = 64;

struct NewUser {
  core::UserId user;
  std::string name;
  std::optional<std::string> avatar_url;
};
struct NewWorkspace {
  std::string id;
  core::UserId by;
  std::string name;
};
struct WorkspaceJoin {
  std::string workspace;
  core::UserId by;
  core::UserId user;
  std::optional<core::Role> role;
};
struct WorkspaceLeave {
  std::string workspace;
  core::UserId by;
  core::UserId user;
};
struct NewChannel {
  std::string id;
  core::UserId by;
  core::ChannelKind kind = core::ChannelKind::Public;  // Public, Private, Group; Direct: with the one member
  std::string workspace;                               // of Public and Private
  std::string name;
  std::string topic;
  std::vector<core::UserId> members;  // besides its maker, and as many as there are
};
// `by`, here and below: who does it. Without characters: whoever may.
struct Join {
  std::string channel;
  core::UserId by;
  core::UserId user;
  std::optional<core::Role> role;
};
struct Leave {
  std::string channel;
  core::UserId by;
  core::UserId user;
};
struct Update {
  std::string channel;
  core::UserId by;
  std::optional<std::string> name;
  std::optional<std::string> topic;
  std::optional<bool> archived;
};
struct Post {
  std::string channel;
  std::string id;
  core::UserId by;
  std::string text;
  std::string reply_to;     // the id of a message of the channel; empty: none
  std::string attachments;  // compact JSON; empty: none
  std::string metadata;     // likewise
  bool bring_in = false;    // if its author is not in the channel he joins it first
};
struct Edit {
  std::string channel;
  std::string message;
  core::UserId by;
  std::string text;
};
struct Retract {
  std::string channel;
  std::string message;
  core::UserId by;
};
struct Reaction {
  std::string channel;
  std::string message;
  core::UserId by;
  std::string emoji;
  bool on = true;
};
struct Pin {
  std::string channel;
  std::string message;
  core::UserId by;
  bool on = true;
};
struct Read {
  std::string channel;
  core::UserId by;
  std::string message;  // the last that was read; empty: the newest
};
// Nobody has anything unread: said once of a channel, of all who are in it.
struct AllRead {
  std::string channel;
};

struct Entry {
  core::TimeMs at;
  // The source does not say when: not before what came last in the channel.
  bool about_then = false;
  // Tells this happening from others of the same kind about the same thing: its time, for one. Those that have the same are
  // told apart by their order. Empty: there is but one.
  std::string mark;
  // The rules decide it where it stands: what they refuse is in the log too, and so is what changes nothing. So no later run
  // asks them again, when things have become others.
  bool keep_refused = false;
  std::string where;  // in the export, for people
  std::variant<NewUser, NewWorkspace, WorkspaceJoin, WorkspaceLeave, NewChannel, Join, Leave, Update, Post, Edit, Retract,
               Reaction, Pin, Read, AllRead>
      what;
};

}  // namespace parley::migrate
