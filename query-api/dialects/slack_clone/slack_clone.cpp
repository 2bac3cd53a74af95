#include "query-api/dialects/slack_clone/slack_clone.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

#include "dialect/slack_clone/actors.hpp"
#include "dialect/slack_clone/records.hpp"
#include "dialect/times.hpp"

namespace parley::query_api::dialects {

namespace slack_clone {

using namespace dialect::slack_clone;
using dialect::Answering;
using dialect::Call;
using dialect::Json;
using dialect::json_answer;
using dialect::path_of;
using dialect::text_in;

namespace {

constexpr Entry kForMembers{.members_may = true};
constexpr std::string_view kNothingThere = "invalid workspace id or channel id";

// S-04
Answering workspace(Call& call) {
  auto place = co_await enter(call, call.params[0], "not exist workspace id", kForMembers);
  if (!place) co_return std::move(place.error());
  auto record = co_await workspace_record(place->keeper, place->workspace);
  co_return record ? json_answer(200, *record) : std::move(record.error());
}

// S-05
Answering workspaces(Call& call) {
  auto native = co_await as_user(call, call.params[0]);
  if (!native) co_return std::move(native.error());
  auto mine = co_await native->get("/v1/workspaces");
  if (!mine.ok()) co_return refused(mine);
  auto& found = mine.body["workspaces"].get_ref<Json::array_t&>();
  std::ranges::sort(found, {},
                    [](const Json& one) { return std::pair(dialect::ms_in(one, "created_at"), text_in(one, "id")); });
  Json answer = Json::array();
  for (const auto& one : found) answer.push_back({{"id", one["id"]}, {"name", one["name"]}, {"cnt", one["member_count"]}});
  co_return json_answer(200, answer);
}

// S-10
Answering channel(Call& call) {
  const auto missing = not_there(call.params[1]);
  auto place = co_await enter(call, call.params[0], missing, kForMembers);
  if (!place) co_return std::move(place.error());
  const auto found = co_await channel_in(*place, call.params[1]);
  if (found.is_null()) co_return said(missing);
  Budget budget;
  auto record = co_await channel_record(place->keeper, found, text_in(place->workspace, "name"), budget);
  co_return record ? json_answer(200, *record) : std::move(record.error());
}

// S-11
Answering channels(Call& call) {
  const auto& email = call.params[1];
  auto server = call.native.as(core::UserId{std::string(kName)});
  if (!co_await is_user(server, email)) co_return said(kNoUser);
  auto place = co_await enter(call, call.params[0], {}, {.named = email});
  Json ids = Json::array();
  if (!place) co_return place.error().status == 200 ? json_answer(200, ids) : std::move(place.error());
  auto native = place->as(email);
  const auto listed = co_await native.get(path_of("/v1/workspaces/{}/channels", {call.params[0]}));
  if (!listed.ok() && listed.status != 404) co_return refused(listed);
  if (listed.ok())
    for (const auto& one : listed.body["channels"])
      if (one.value("joined", false)) ids.push_back(one["id"]);
  co_return json_answer(200, ids);
}

// S-14
Answering messages(Call& call) {
  auto place = co_await enter(call, call.params[0], std::string(kNothingThere), kForMembers);
  if (!place) co_return std::move(place.error());
  const auto found = co_await channel_in(*place, call.params[1]);
  if (found.is_null()) co_return said(kNothingThere);
  Budget budget;
  auto history = co_await history_of(place->keeper, call.params[1], budget);
  if (!history) co_return std::move(history.error());
  Json answer = Json::array();
  if (history->is_array())
    for (const auto& one : *history) answer.push_back(channel_message(one));
  co_return json_answer(200, answer);
}

// S-15: what the one sent to the other, and not what he got back. Either may ask.
Answering direct_messages(Call& call) {
  const auto& sender = call.params[0];
  const auto& receiver = call.params[1];
  const bool asks_receiver = call.is_named && call.native.user().text == receiver;
  auto native = co_await as_user(call, asks_receiver ? receiver : sender);
  if (!native) co_return std::move(native.error());
  const auto one = core::UserId::parse(sender);
  const auto other = core::UserId::parse(receiver);
  Json answer = Json::array();
  if (!one || !other) co_return json_answer(200, answer);
  Budget budget;
  auto history = co_await history_of(*native, core::direct_id(*one, *other).text(), budget);
  if (!history) co_return std::move(history.error());
  if (history->is_array())
    for (const auto& message : *history)
      if (text_in(message, "author") == sender) answer.push_back(direct_message(message, receiver));
  co_return json_answer(200, answer);
}

// The documented curl lines have methods of their own for two of them.
constexpr dialect::Route kRoutes[] = {
    {"GET", "/workspace/{workspace}", workspace, limit::Asks::Read},
    {"GET", "/workspaces/{user}", workspaces, limit::Asks::Read},
    {"GET", "/channel/{workspace}/{channel}", channel, limit::Asks::Read},
    {"GET", "/channels/{workspace}/{user}", channels, limit::Asks::Read},
    {"DELETE", "/channels/{workspace}/{user}", channels, limit::Asks::Read},
    {"GET", "/messages/{workspace}/{channel}", messages, limit::Asks::Read},
    {"GET", "/dm/{sender}/{receiver}", direct_messages, limit::Asks::Read},
    {"PATCH", "/dm/{sender}/{receiver}", direct_messages, limit::Asks::Read},
};

}  // namespace

}  // namespace slack_clone

const dialect::Dialect& slack_clone_reads() {
  static const auto dialect = dialect::slack_clone::with_routes(slack_clone::kRoutes);
  return dialect;
}

}  // namespace parley::query_api::dialects
