// Names of workspaces and of channels, which are unique in the whole site: reservations of the public contract's.
//
// A workspace's is its creator's, a channel's is its workspace's. Whoever finds the reservation to be his own already goes on
// with what was begun: a creation that died half-way is completed by the next try.
#pragma once

#include "dialect/slack_clone/answers.hpp"

namespace parley::ingest::dialects::slack_clone {

using dialect::Json;
using dialect::Native;
using dialect::slack_clone::Or;

enum class Named : std::uint8_t { Workspace, Channel };

// Has gone, be it behind the dialect's back.
boost::asio::awaitable<bool> is_gone(const Native& native, const std::string& workspace);
// Who reserves for the channels of a workspace: the workspace itself, so that whoever of it tries again goes on.
Native for_channels(const Native& native, std::string_view workspace);
struct Reserved {
  std::string key;      // for the creation of what is to have the name: another one each time that the name is reserved anew
  bool is_new = false;  // nobody had it
};
// `taken` is said if another has it.
boost::asio::awaitable<Or<Reserved>> reserve(Native& holder, Named what, std::string_view name, std::string_view taken);
boost::asio::awaitable<void> release(Native& holder, Named what, std::string_view name);

}  // namespace parley::ingest::dialects::slack_clone
