#include <boost/asio/use_awaitable.hpp>

#include "dialect/slack_clone/actors.hpp"
#include "dialect/slack_clone/records.hpp"
#include "ingest/dialects/slack_clone/names.hpp"
#include "ingest/dialects/slack_clone/writes.hpp"

namespace parley::ingest::dialects::slack_clone {

using namespace dialect::slack_clone;
using dialect::json_answer;
using dialect::path_of;
using dialect::text_in;

namespace {

constexpr std::string_view kNameTaken = "exist channel name";
constexpr std::string_view kNotIn = "fail to delete user from channel's user list";

std::string path_to(const std::string& channel) { return path_of("/v1/channels/{}", {channel}); }

// The channel, made now. A name that the workspace has reserved, and has no channel of, is one that died half-way, or that has
// gone behind the dialect's back.
boost::asio::awaitable<Or<Json>> make_channel(Native& creator, const Place& place, std::string name, bool again) {
  const auto workspace = text_in(place.workspace, "id");
  auto holder = for_channels(creator, workspace);
  const auto reserved = co_await reserve(holder, Named::Channel, name, kNameTaken);
  if (!reserved) co_return std::unexpected(reserved.error());
  const Json wanted{{"kind", "public"}, {"workspace_id", workspace}, {"name", name}};
  auto made = co_await creator.post("/v1/channels", wanted, reserved->key);
  if (made.status == 201 && !made.replayed) co_return std::move(made.body);
  if (!made.replayed && made.status != 409) co_return std::unexpected(refused(made));
  const auto id = core::WorkspaceId::parse(workspace);
  const auto seen = co_await creator.get(path_to(core::channel_id(*id, creator.user(), reserved->key).text()));
  if (!again || !made.replayed || seen.status != 404) co_return std::unexpected(said(kNameTaken));
  co_await release(holder, Named::Channel, name);
  co_return co_await make_channel(creator, place, std::move(name), false);
}

}  // namespace

// S-08
Answering create_channel(Call& call) {
  if (auto wrong = wrong_with(call.body, {"workspace_id", "channel_name", "user_email"})) co_return std::move(*wrong);
  const auto workspace = text_in(call.body, "workspace_id");
  const auto email = text_in(call.body, "user_email");
  auto place = co_await enter(call, workspace, not_there(workspace), {.named = email});
  if (!place) co_return std::move(place.error());
  if (!co_await is_user(place->keeper, email)) co_return said(kNoUser);
  if (!co_await is_member(*place, email)) co_return said(kNoWorkspace);
  auto native = place->as(email);
  const auto made = co_await make_channel(native, *place, text_in(call.body, "channel_name"), true);
  if (!made) co_return made.error();
  const auto id = text_in(*made, "id");
  co_await native.settle(path_to(id));
  const auto created = seconds_in(*made, "created_at");
  co_return json_answer(200, {{"message", "channel created successfully"},
                              {"workspace_name", text_in(place->workspace, "name")},
                              {"workspace_id", workspace},
                              {"channel_id", id},
                              {"type", "channel"},
                              {"users", Json::array({email})},
                              {"messages", Json::array()},
                              {"createdAt", created},
                              {"updatedAt", created}});
}

// S-09
Answering delete_channel(Call& call) {
  const auto& id = call.params[1];
  auto place = co_await enter(call, call.params[0], not_there(id), {});
  if (!place) co_return std::move(place.error());
  const auto channel = co_await channel_in(*place, id);
  if (channel.is_null()) co_return said(not_there(id));
  auto holder = for_channels(place->keeper, call.params[0]);
  if (text_in(channel, "kind") == "public") co_await release(holder, Named::Channel, text_in(channel, "name"));
  const auto removed = co_await place->keeper.remove(path_to(id));
  if (removed.status == 404) co_return said(not_there(id));
  if (!removed.ok() || removed.is_unknown()) co_return refused(removed);
  (void)co_await place->keeper.get(path_to(id));
  co_return said(id + " delete complete");
}

// S-12
Answering invite_to_channel(Call& call) {
  if (auto wrong = wrong_with(call.body, {"workspace_id", "channel_id", "user_email"})) co_return std::move(*wrong);
  const auto id = text_in(call.body, "channel_id");
  const auto email = text_in(call.body, "user_email");
  auto place = co_await enter(call, text_in(call.body, "workspace_id"), std::string(kNoWorkspace), {.named = email});
  if (!place) co_return std::move(place.error());
  if (!co_await is_user(place->keeper, email)) co_return said(kNoUser);
  if (!co_await is_member(*place, email)) co_return said(kNoWorkspace);
  if ((co_await channel_in(*place, id)).is_null()) co_return said(not_there(id));
  const auto in = co_await place->keeper.put(path_to(id) + path_of("/members/{}", {email}));
  if (in.status == 404) co_return said(not_there(id));
  if (in.status == 409) co_return said(kNoWorkspace);
  if (!in.ok() || in.is_unknown()) co_return refused(in);
  auto members = co_await members_of(place->keeper, path_to(id));
  co_return members ? json_answer(200, *members) : std::move(members.error());
}

// S-13
Answering leave_channel(Call& call) {
  if (auto wrong = wrong_with(call.body, {"workspace_id", "channel_id", "user_email"})) co_return std::move(*wrong);
  const auto id = text_in(call.body, "channel_id");
  const auto email = text_in(call.body, "user_email");
  auto place = co_await enter(call, text_in(call.body, "workspace_id"), std::string(kNoWorkspace), {.named = email});
  if (!place) co_return std::move(place.error());
  if (!co_await is_user(place->keeper, email)) co_return said(kNoUser);
  if (!co_await is_member(*place, email)) co_return said(kNoWorkspace);
  if ((co_await channel_in(*place, id)).is_null()) co_return said(kNotIn);
  auto native = call.is_named ? place->keeper : place->as(email);
  const auto out = co_await native.remove(path_to(id) + path_of("/members/{}", {email}));
  if (out.status == 404) co_return said(kNotIn);
  if (!out.ok() || out.is_unknown()) co_return refused(out);
  co_await native.settle(path_to(id));
  co_return said("channel out complete");
}

}  // namespace parley::ingest::dialects::slack_clone
