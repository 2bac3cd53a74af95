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

constexpr std::string_view kNameTaken = "exist workspace name";

// Registration comes as an event of the identity provider's, or flat.
std::string of_user(const Json& body, std::string_view field) {
  const auto request = body.find("request");
  if (request == body.end() || !request->is_object()) return text_in(body, field);
  const auto attributes = request->find("userAttributes");
  return attributes == request->end() ? std::string{} : text_in(*attributes, field);
}

std::string name_of(const Json& body) {
  for (auto name : {of_user(body, "nickname"), text_in(body, "userName"), text_in(body, "username")})
    if (!name.empty()) return name;
  return of_user(body, "email");
}

// The workspace, made now. `again`: one more try is left.
boost::asio::awaitable<Or<Json>> make_workspace(Native& creator, std::string name, bool again) {
  const auto reserved = co_await reserve(creator, Named::Workspace, name, kNameTaken);
  if (!reserved) co_return std::unexpected(reserved.error());
  auto made = co_await creator.post("/v1/workspaces", {{"name", name}}, reserved->key);
  if (made.status == 201 && !made.replayed) co_return std::move(made.body);
  const auto id = core::workspace_id(creator.user(), reserved->key).text();
  const bool was_made = made.replayed || made.status == 409;
  if (!was_made) co_return std::unexpected(refused(made));
  if (!again || !co_await is_gone(creator, id)) co_return std::unexpected(said(kNameTaken));
  co_await release(creator, Named::Workspace, name);
  co_return co_await make_workspace(creator, std::move(name), false);
}

// The names of the workspace and of its channels, which others may have from now on.
boost::asio::awaitable<void> release_names(Place& place) {
  const auto id = text_in(place.workspace, "id");
  auto for_them = for_channels(place.keeper, id);
  const auto listed = co_await place.keeper.get(path_of("/v1/workspaces/{}/channels", {id}));
  if (listed.ok())
    for (const auto& channel : listed.body["channels"])
      if (text_in(channel, "kind") == "public") co_await release(for_them, Named::Channel, text_in(channel, "name"));
  auto creator = place.as(text_in(place.workspace, "owner"));
  const auto name = text_in(place.workspace, "name");
  const auto reserved = co_await reserve(creator, Named::Workspace, name, {});
  if (!reserved) co_return;
  const bool is_its_own = core::workspace_id(creator.user(), reserved->key).text() == id;
  if (is_its_own || reserved->is_new) co_await release(creator, Named::Workspace, name);
}

}  // namespace

// S-01
Answering register_user(Call& call) {
  if (auto wrong = wrong_with(call.body, {})) co_return std::move(*wrong);
  const auto email = of_user(call.body, "email");
  if (email.empty()) co_return said("email is missing");
  auto native = as_named(call, email);
  if (!native) co_return std::move(native.error());
  Json profile{{"name", name_of(call.body)}};
  const auto known = co_await native->get("/v1/users/me");
  if (known.ok() && dialect::has_text(known.body, "avatar_url")) profile["avatar_url"] = known.body["avatar_url"];
  const auto set = co_await native->put("/v1/users/me", profile);
  if (!set.ok() || set.is_unknown()) co_return refused(set);
  (void)co_await native->get("/v1/users/me");  // so that whoever asks next is told
  co_return net::HttpResponse{
      .status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(call.request.body)};
}

// S-02
Answering create_workspace(Call& call) {
  if (auto wrong = wrong_with(call.body, {"workspace_name", "user_email"})) co_return std::move(*wrong);
  const auto email = text_in(call.body, "user_email");
  auto native = co_await as_user(call, email);
  if (!native) co_return std::move(native.error());
  const auto made = co_await make_workspace(*native, text_in(call.body, "workspace_name"), true);
  if (!made) co_return made.error();
  const auto id = text_in(*made, "id");
  (void)co_await native->get(path_of("/v1/workspaces/{}", {id}));
  const auto created = seconds_in(*made, "created_at");
  co_return json_answer(200, {{"message", "workspace created successfully"},
                              {"workspace_name", text_in(*made, "name")},
                              {"type", "workspace"},
                              {"workspace_id", id},
                              {"channels", Json::array()},
                              {"users", Json::array({email})},
                              {"admin", email},
                              {"createdAt", created},
                              {"updatedAt", created}});
}

// S-03. The names go first: what died between the two is done by the next try, and what has lost its name is wanted no more.
Answering delete_workspace(Call& call) {
  const auto& id = call.params[0];
  auto place = co_await enter(call, id, not_there(id), {});
  if (!place) co_return std::move(place.error());
  const auto path = path_of("/v1/workspaces/{}", {id});
  const auto own = co_await place->keeper.get(path);
  if (text_in(own.body, "role") != "owner") co_return unauthenticated("for owners of the workspace");
  co_await release_names(*place);
  const auto removed = co_await place->keeper.remove(path);
  if (removed.status == 404) co_return said(not_there(id));
  if (!removed.ok() || removed.is_unknown()) co_return refused(removed);
  (void)co_await place->keeper.get(path);
  co_return said(id + " delete complete");
}

// S-06
Answering invite_to_workspace(Call& call) {
  if (auto wrong = wrong_with(call.body, {"workspace_id", "user_email"})) co_return std::move(*wrong);
  const auto id = text_in(call.body, "workspace_id");
  const auto email = text_in(call.body, "user_email");
  auto place = co_await enter(call, id, std::string(kNoWorkspace), {.named = email});
  if (!place) co_return std::move(place.error());
  if (!co_await is_user(place->keeper, email)) co_return said(kNoUser);
  const auto workspace = path_of("/v1/workspaces/{}", {id});
  const auto in = co_await place->keeper.put(workspace + path_of("/members/{}", {email}));
  if (in.status == 404) co_return unauthenticated("for admins of the workspace");
  if (!in.ok() || in.is_unknown()) co_return refused(in);
  auto members = co_await members_of(place->keeper, workspace);
  co_return members ? json_answer(200, *members) : std::move(members.error());
}

// S-07
Answering leave_workspace(Call& call) {
  if (auto wrong = wrong_with(call.body, {"workspace_id", "user_email"})) co_return std::move(*wrong);
  const auto id = text_in(call.body, "workspace_id");
  const auto email = text_in(call.body, "user_email");
  auto place = co_await enter(call, id, std::string(kNoWorkspace), {.named = email});
  if (!place) co_return std::move(place.error());
  if (!co_await is_user(place->keeper, email)) co_return said(kNoUser);
  auto native = call.is_named ? place->keeper : place->as(email);
  const auto workspace = path_of("/v1/workspaces/{}", {id});
  const auto out = co_await native.remove(workspace + path_of("/members/{}", {email}));
  if (out.status == 404) co_return said(kNoWorkspace);
  if (!out.ok() || out.is_unknown()) co_return refused(out);
  co_await native.settle(workspace);
  co_return said("workspace out complete");
}

}  // namespace parley::ingest::dialects::slack_clone
