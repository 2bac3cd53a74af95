#include "ingest/dialects/slack_clone/names.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace parley::ingest::dialects::slack_clone {

namespace asio = boost::asio;
using namespace dialect::slack_clone;

namespace {

std::string_view space_of(Named what) { return what == Named::Workspace ? "slack_clone.workspace" : "slack_clone.channel"; }

std::string path_to(Named what, std::string_view name) { return dialect::path_of("/v1/names/{}/{}", {space_of(what), name}); }

// A name may be too long for a key: a hash of it stands there, as the id of a room of that name is one.
std::string key_of(Named what, std::string_view name, const Json& reservation) {
  return std::string(space_of(what)) + ":" + core::room_id(name).text() + ":" +
         std::to_string(reservation["version"].get<std::uint64_t>());
}

}  // namespace

Native for_channels(const Native& native, std::string_view workspace) {
  return native.as(core::UserId{std::string(kName) + ":" + std::string(workspace)});
}

asio::awaitable<Or<Reserved>> reserve(Native& holder, Named what, std::string_view name, std::string_view taken) {
  const auto reply = co_await holder.put(path_to(what, name));
  if (reply.status == 409) co_return std::unexpected(said(taken));
  if (!reply.ok() || reply.is_unknown()) co_return std::unexpected(refused(reply));
  co_return Reserved{key_of(what, name, reply.body), reply.status == 201};
}

// Whoever else has it keeps it.
asio::awaitable<void> release(Native& holder, Named what, std::string_view name) {
  (void)co_await holder.remove(path_to(what, name));
}

}  // namespace parley::ingest::dialects::slack_clone
