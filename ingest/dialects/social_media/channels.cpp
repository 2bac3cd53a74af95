// Channels, and who is in them.
#include "dialect/social_media/form.hpp"
#include "dialect/social_media/places.hpp"
#include "ingest/dialects/social_media/writes.hpp"

namespace parley::ingest::dialects::social_media {

using namespace dialect::social_media;
using dialect::Json;
using dialect::path_of;
using dialect::text_in;

namespace {

constexpr std::string_view kTypes[] = {"ONE_TO_ONE", "GROUP"};

Answering leave_channel(Call& call, std::uint64_t number) {
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  const auto left =
      co_await call.native.remove(path_of("/v1/channels/{}/members/{}", {text_in(*channel, "id"), call.native.user().text}));
  if (left.status != 204) co_return refused(call, left);
  co_await settle(call, *channel);
  co_return net::HttpResponse{.status = 204};
}

}  // namespace

// Whoever knows a channel's number may join it: to the public contract it is an open group.
Answering create_channel(Call& call) {
  Form form(call, Form::Of::Body);
  const auto name = form.text("displayName");
  Json ours = {{"type", form.one_of("type", kTypes, true)}};
  if (auto path = form.optional_text("avatarPath")) ours["avatarPath"] = std::move(*path);
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  Json group = {{"kind", "group"}, {"open", true}, {"name", name}};
  group["metadata"] = {{kOurs, std::move(ours)}};
  const auto made = co_await call.native.post("/v1/channels", group);
  if (made.status != 201) co_return refused(call, made);
  co_await settle(call, made.body);
  co_return dialect::json_answer(201, channel_view(made.body));
}

Answering delete_channel(Call& call) {
  Form form(call, Form::Of::Query);
  const auto number = form.path_number(0, "id");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  const auto deleted = co_await call.native.remove(path_of("/v1/channels/{}", {text_in(*channel, "id")}));
  if (deleted.status != 204) co_return refused(call, deleted);
  co_await settle(call, *channel);
  co_return net::HttpResponse{.status = 204};
}

Answering join(Call& call) {
  Form form(call, Form::Of::Body);
  const auto number = form.number("channelId");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await channel_of(call.native, number);
  if (!channel) co_return refused(call, channel.error());
  const auto shown = std::to_string(number);
  if (channel->is_null()) co_return failed(call, Failure::NotFound, "specified channel " + shown + " is not found");
  if (is_joined(*channel)) co_return failed(call, Failure::Conflict, "member is already in channel " + shown);
  const auto joined =
      co_await call.native.put(path_of("/v1/channels/{}/members/{}", {text_in(*channel, "id"), call.native.user().text}));
  if (joined.status != 200) co_return refused(call, joined);
  co_await settle(call, *channel);
  co_return net::HttpResponse{.status = 201};
}

Answering leave(Call& call) {
  Form form(call, Form::Of::Body);
  const auto number = form.number("channelId");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  co_return co_await leave_channel(call, number);
}

Answering leave_this(Call& call) {
  Form form(call, Form::Of::Query);
  const auto number = form.path_number(0, "id");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  co_return co_await leave_channel(call, number);
}

}  // namespace parley::ingest::dialects::social_media
