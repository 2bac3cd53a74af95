#include "dialect/slack_clone/actors.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace parley::dialect::slack_clone {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kOnesOwn = "the token is another user's";
constexpr std::string_view kForAdmins = "for this user himself and admins of the workspace";

bool may_act(const Call& call, std::string_view email) { return !call.is_named || call.native.user().text == email; }

}  // namespace

asio::awaitable<bool> is_user(Native& native, std::string_view email) {
  if (!core::UserId::parse(email)) co_return false;
  const auto user = co_await native.get(path_of("/v1/users/{}", {email}));
  co_return user.ok() && !user.body["created_at"].is_null();
}

Or<Native> as_named(const Call& call, std::string_view email) {
  if (!may_act(call, email)) return std::unexpected(unauthenticated(kOnesOwn));
  const auto user = core::UserId::parse(email);
  if (!user) return std::unexpected(said(kNoUser));
  return call.native.as(*user);
}

asio::awaitable<Or<Native>> as_user(const Call& call, std::string_view email) {
  auto native = as_named(call, email);
  if (native && !co_await is_user(*native, email)) co_return std::unexpected(said(kNoUser));
  co_return native;
}

asio::awaitable<Or<Place>> enter(const Call& call, const std::string& workspace, std::string missing, Entry entry) {
  auto keeper = call.native;
  // Who asks is nobody's business here: it is the server that wants to know whose workspace it is.
  auto server = call.native.as(core::UserId{std::string(kName)}).as_operator();
  auto head = co_await server.get(path_of("/v1/admin/workspaces/{}", {workspace}));
  if (head.status == 404) co_return std::unexpected(said(missing));
  if (!head.ok()) co_return std::unexpected(refused(head));
  bool is_admin = true;
  if (call.is_named) {
    const auto own = co_await keeper.get(path_of("/v1/workspaces/{}", {workspace}));
    const auto role = own.ok() ? text_in(own.body, "role") : std::string{};
    is_admin = role == "owner" || role == "admin";
    const bool may = is_admin || (entry.named.empty() ? entry.members_may && own.ok() : keeper.user().text == entry.named);
    if (!may) co_return std::unexpected(unauthenticated(kForAdmins));
  } else {
    keeper = keeper.as(core::UserId{text_in(head.body, "owner")});
  }
  co_return Place{std::move(head.body), std::move(keeper), is_admin};
}

asio::awaitable<bool> is_member(const Place& place, std::string_view email) {
  if (!core::UserId::parse(email)) co_return false;
  auto native = place.as(email);
  co_return (co_await native.get(path_of("/v1/workspaces/{}", {text_in(place.workspace, "id")}))).ok();
}

asio::awaitable<Json> channel_in(Place& place, const std::string& channel) {
  auto found = co_await place.keeper.get(path_of("/v1/channels/{}", {channel}));
  const bool is_there = found.ok() && text_in(found.body, "workspace_id") == text_in(place.workspace, "id");
  co_return is_there ? std::move(found.body) : Json(nullptr);
}

}  // namespace parley::dialect::slack_clone
