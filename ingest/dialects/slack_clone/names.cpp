#include "ingest/dialects/slack_clone/names.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace parley::ingest::dialects::slack_clone {

namespace asio = boost::asio;
using namespace dialect::slack_clone;
using dialect::text_in;

namespace {

constexpr std::string_view kHolder = "slack_clone:";  // of a workspace's channels' names: and its id

std::string_view space_of(Named what) { return what == Named::Workspace ? "slack_clone.workspace" : "slack_clone.channel"; }

std::string path_to(Named what, std::string_view name) { return dialect::path_of("/v1/names/{}/{}", {space_of(what), name}); }

// A name may be too long for a key: a hash of it stands there, as the id of a room of that name is one.
std::string key_of(Named what, std::string_view name, const Json& reservation) {
  return std::string(space_of(what)) + ":" + core::room_id(name).text() + ":" +
         std::to_string(reservation["version"].get<std::uint64_t>());
}

// A name that a workspace has which has gone behind the dialect's back: nobody could release it any more. False: it is no such.
asio::awaitable<bool> release_of_gone(Native& native, Named what, std::string_view name) {
  if (what != Named::Channel) co_return false;
  const auto owner = text_in((co_await native.get(path_to(what, name))).body, "owner");
  if (!owner.starts_with(kHolder) || !co_await is_gone(native, owner.substr(kHolder.size()))) co_return false;
  auto holder = native.as(core::UserId{owner});
  co_await release(holder, what, name);
  co_return true;
}

}  // namespace

asio::awaitable<bool> is_gone(const Native& native, const std::string& workspace) {
  auto server = native.as_operator();
  co_return (co_await server.get(dialect::path_of("/v1/admin/workspaces/{}", {workspace}))).status == 404;
}

Native for_channels(const Native& native, std::string_view workspace) {
  return native.as(core::UserId{std::string(kHolder) + std::string(workspace)});
}

asio::awaitable<Or<Reserved>> reserve(Native& holder, Named what, std::string_view name, std::string_view taken) {
  if (name.empty())
    co_return std::unexpected(said(what == Named::Workspace ? "workspace_name is empty" : "channel_name is empty"));
  auto reply = co_await holder.put(path_to(what, name));
  if (reply.status == 409 && co_await release_of_gone(holder, what, name)) reply = co_await holder.put(path_to(what, name));
  if (reply.status == 409) co_return std::unexpected(said(taken));
  if (!reply.ok() || reply.is_unknown()) co_return std::unexpected(refused(reply));
  co_return Reserved{key_of(what, name, reply.body), reply.status == 201};
}

// Whoever else has it keeps it.
asio::awaitable<void> release(Native& holder, Named what, std::string_view name) {
  (void)co_await holder.remove(path_to(what, name));
}

}  // namespace parley::ingest::dialects::slack_clone
