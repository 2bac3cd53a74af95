// Users and their tokens.
#include "dialect/social_media/form.hpp"
#include "dialect/social_media/views.hpp"
#include "ingest/dialects/social_media/writes.hpp"

namespace parley::ingest::dialects::social_media {

using namespace dialect::social_media;
using dialect::Json;

namespace {

constexpr std::string_view kRoles[] = {"OFFICIAL", "NORMAL"};

}  // namespace

Answering create_token(Call& call) {
  Form form(call, Form::Of::Body);
  const auto email = form.text("email");
  const auto password = form.text("password");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto made = co_await call.native.post("/v1/accounts/token", {{"email", email}, {"password", password}});
  if (made.status != 201) co_return refused(call, made);
  co_return dialect::json_answer(201, {{"accessToken", made.body["token"]}});
}

Answering create_user(Call& call) {
  Form form(call, Form::Of::Body);
  Json account = {{"email", form.text("email")}, {"name", form.text("name")}, {"password", form.text("password")}};
  account["role"] = form.one_of("role", kRoles, true);
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto made = co_await call.native.post("/v1/accounts", account);
  if (made.status != 201) co_return refused(call, made);
  const Json user = {{"id", made.body["user_id"]}, {"name", made.body["name"]}, {"created_at", made.body["created_at"]}};
  co_return dialect::json_answer(201, user_view(user, made.body));
}

}  // namespace parley::ingest::dialects::social_media
