// One user, one channel.
#include "core/ids.hpp"
#include "dialect/social_media/form.hpp"
#include "dialect/social_media/places.hpp"
#include "query-api/dialects/social_media/reads.hpp"

namespace parley::query_api::dialects::social_media {

using namespace dialect::social_media;
using dialect::Json;

namespace {

// With what his account says of him, if he has one.
Answering tell_of(Call& call, Json user) {
  const auto account = co_await call.native.get(dialect::path_of("/v1/users/{}/account", {dialect::text_in(user, "id")}));
  co_return dialect::json_answer(200, user_view(user, account.ok() ? account.body : Json()));
}

}  // namespace

Answering get_me(Call& call) {
  auto me = co_await call.native.get("/v1/users/me");
  if (!me.ok()) co_return refused(call, me);
  co_return co_await tell_of(call, std::move(me.body));
}

Answering get_user(Call& call) {
  Form form(call, Form::Of::Query);
  const auto number = form.path_number(0, "id");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  if (number == core::number_of(call.native.user()).value) co_return co_await get_me(call);
  const auto unknown = [&] {
    return failed(call, Failure::NotFound, "specified user " + std::to_string(number) + " is not found");
  };
  if (number > core::kMaxIdNumber.value) co_return unknown();
  auto found = co_await call.native.get("/v1/users?number=" + std::to_string(number));
  if (!found.ok()) co_return refused(call, found);
  auto& users = found.body["users"];
  if (users.empty()) co_return unknown();
  co_return co_await tell_of(call, std::move(users[0]));
}

Answering get_channel(Call& call) {
  Form form(call, Form::Of::Query);
  const auto number = form.path_number(0, "id");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  co_return dialect::json_answer(200, channel_view(*channel));
}

}  // namespace parley::query_api::dialects::social_media
