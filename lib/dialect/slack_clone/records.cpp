#include "dialect/slack_clone/records.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

#include "dialect/times.hpp"

namespace parley::dialect::slack_clone {

namespace asio = boost::asio;

std::string seconds_in(const Json& object, std::string_view field) { return float_seconds_of(ms_in(object, field)); }

Json channel_message(const Json& native) {
  return {{"message", text_in(native, "text")},
          {"sender", text_in(native, "author")},
          {"createdAt", float_seconds_of(number_in(native))}};
}

Json direct_message(const Json& native, std::string_view receiver) {
  return {{"createdAt", number_in(native)},
          {"receiver", std::string(receiver)},
          {"message", text_in(native, "text")},
          {"sender", text_in(native, "author")}};
}

asio::awaitable<Or<Json>> channel_record(Native& native, const Json& channel, std::string_view workspace_name, Budget& budget) {
  const auto id = text_in(channel, "id");
  auto members = co_await members_of(native, path_of("/v1/channels/{}", {id}));
  if (!members) co_return std::unexpected(std::move(members.error()));
  auto history = co_await history_of(native, id, budget);
  if (!history) co_return std::unexpected(std::move(history.error()));
  Json messages = Json::array();
  if (history->is_array())
    for (const auto& message : *history) messages.push_back(channel_message(message));
  const auto workspace = text_in(channel, "workspace_id");
  const auto created = seconds_in(channel, "created_at");
  co_return Json{{"channel_name", text_in(channel, "name")},
                 {"workspace_id", workspace},
                 {"createdAt", created},
                 {"SK", "channel#" + id},
                 {"messages", std::move(messages)},
                 {"PK", "workspace#" + workspace},
                 {"type", "channel"},
                 {"workspace_name", std::string(workspace_name)},
                 {"users", std::move(*members)},
                 {"updatedAt", created},
                 {"channel_id", id}};
}

asio::awaitable<Or<Json>> workspace_record(Native& native, const Json& workspace) {
  const auto id = text_in(workspace, "id");
  const auto name = text_in(workspace, "name");
  auto members = co_await members_of(native, path_of("/v1/workspaces/{}", {id}));
  if (!members) co_return std::unexpected(std::move(members.error()));
  auto listed = co_await native.get(path_of("/v1/workspaces/{}/channels", {id}));
  if (!listed.ok()) co_return std::unexpected(refused(listed));
  Json channels = Json::array();
  const auto count = std::max<std::size_t>(listed.body["channels"].size(), 1);
  for (const auto& channel : listed.body["channels"]) {
    Budget share{kMaxMessages / count, kMaxHistoryBytes / count};
    auto record = co_await channel_record(native, channel, name, share);
    if (!record) co_return std::unexpected(std::move(record.error()));
    channels.push_back(std::move(*record));
  }
  const auto created = seconds_in(workspace, "created_at");
  co_return Json{{"createdAt", created},    {"channels", std::move(channels)},
                 {"SK", "workspace#" + id}, {"admin", text_in(workspace, "owner")},
                 {"PK", "workspace#" + id}, {"type", "workspace"},
                 {"workspace_name", name},  {"users", std::move(*members)},
                 {"updatedAt", created},    {"workspace_id", id}};
}

}  // namespace parley::dialect::slack_clone
