// Who acts in a call of Slack clone's, whose documented calls carry no token: they name a user, or nobody.
//
// With a token it is the token's user, who must be the one that is named, or an admin of the workspace. Without one, which only
// development mode takes, it is the one that is named, and for what needs an admin the workspace's owner.
// Concurrency: a call's shard.
#pragma once

#include "dialect/slack_clone/answers.hpp"

namespace parley::dialect::slack_clone {

// Whether somebody has been registered (S-01).
boost::asio::awaitable<bool> is_user(Native& native, std::string_view email);
// As the user that the call names, whom only his own token lets act. He need not be registered.
Or<Native> as_named(const Call& call, std::string_view email);
// The same for one who is registered.
boost::asio::awaitable<Or<Native>> as_user(const Call& call, std::string_view email);

// A workspace that a call is about.
struct Place {
  Json workspace;  // as the public contract has it
  Native keeper;   // of what needs an admin: its owner, or the token's user
  bool is_admin;   // whether the keeper is one
  // As the user that the call names: he himself, or, by leave of an admin, in his place.
  [[nodiscard]] Native as(std::string_view email) const { return keeper.as(core::UserId{std::string(email)}); }
};
// `missing`: what is said when there is no such workspace. Refused: a token of one who is neither `named` nor an admin there;
// if nobody is named and `members_may`, of one who is not in it.
struct Entry {
  std::string_view named = {};
  bool members_may = false;
};
boost::asio::awaitable<Or<Place>> enter(const Call& call, const std::string& workspace, std::string missing, Entry entry);
// Whether he is in the workspace.
boost::asio::awaitable<bool> is_member(const Place& place, std::string_view email);
// A channel of that workspace, as the public contract has it; null: it has none of that id that the keeper sees.
boost::asio::awaitable<Json> channel_in(Place& place, const std::string& channel);

}  // namespace parley::dialect::slack_clone
