#include "api/routes.hpp"

#include <algorithm>

#include "api/path_pattern.hpp"
#include "net/http.hpp"

namespace parley::api {

namespace {

constexpr RouteInfo kTable[] = {
    {Route::GetMe, "GET", "/v1/users/me"},
    {Route::PutMe, "PUT", "/v1/users/me"},
    {Route::DeleteMe, "DELETE", "/v1/users/me"},
    {Route::GetUser, "GET", "/v1/users/{user}"},
    {Route::GetAccount, "GET", "/v1/users/{user}/account"},
    {Route::FindUsers, "GET", "/v1/users"},
    {Route::CreateAccount, "POST", "/v1/accounts", false},
    {Route::CreateAccountToken, "POST", "/v1/accounts/token", false},
    {Route::GetName, "GET", "/v1/names/{namespace}/{name}"},
    {Route::PutName, "PUT", "/v1/names/{namespace}/{name}"},
    {Route::DeleteName, "DELETE", "/v1/names/{namespace}/{name}"},
    {Route::ListWorkspaces, "GET", "/v1/workspaces"},
    {Route::CreateWorkspace, "POST", "/v1/workspaces"},
    {Route::GetWorkspace, "GET", "/v1/workspaces/{w}"},
    {Route::UpdateWorkspace, "PATCH", "/v1/workspaces/{w}"},
    {Route::DeleteWorkspace, "DELETE", "/v1/workspaces/{w}"},
    {Route::ListWorkspaceMembers, "GET", "/v1/workspaces/{w}/members"},
    {Route::ListWorkspaceChannels, "GET", "/v1/workspaces/{w}/channels"},
    {Route::PutWorkspaceMember, "PUT", "/v1/workspaces/{w}/members/{user}"},
    {Route::DeleteWorkspaceMember, "DELETE", "/v1/workspaces/{w}/members/{user}"},
    {Route::FindChannels, "GET", "/v1/channels"},
    {Route::CreateChannel, "POST", "/v1/channels"},
    {Route::GetChannel, "GET", "/v1/channels/{c}"},
    {Route::UpdateChannel, "PATCH", "/v1/channels/{c}"},
    {Route::DeleteChannel, "DELETE", "/v1/channels/{c}"},
    {Route::ListChannelMembers, "GET", "/v1/channels/{c}/members"},
    {Route::PutChannelMember, "PUT", "/v1/channels/{c}/members/{user}"},
    {Route::DeleteChannelMember, "DELETE", "/v1/channels/{c}/members/{user}"},
    {Route::ListBans, "GET", "/v1/channels/{c}/bans"},
    {Route::PutBan, "PUT", "/v1/channels/{c}/bans/{user}"},
    {Route::DeleteBan, "DELETE", "/v1/channels/{c}/bans/{user}"},
    {Route::GetMessages, "GET", "/v1/channels/{c}/messages"},
    {Route::PostMessage, "POST", "/v1/channels/{c}/messages"},
    {Route::GetMessage, "GET", "/v1/channels/{c}/messages/{seq}"},
    {Route::EditMessage, "PATCH", "/v1/channels/{c}/messages/{seq}"},
    {Route::DeleteMessage, "DELETE", "/v1/channels/{c}/messages/{seq}"},
    {Route::GetRevisions, "GET", "/v1/channels/{c}/messages/{seq}/revisions"},
    {Route::PutReaction, "PUT", "/v1/channels/{c}/messages/{seq}/reactions/{emoji}"},
    {Route::DeleteReaction, "DELETE", "/v1/channels/{c}/messages/{seq}/reactions/{emoji}"},
    {Route::PutPin, "PUT", "/v1/channels/{c}/messages/{seq}/pin"},
    {Route::DeletePin, "DELETE", "/v1/channels/{c}/messages/{seq}/pin"},
    {Route::PutRead, "PUT", "/v1/channels/{c}/read"},
    {Route::PutDelivered, "PUT", "/v1/channels/{c}/delivered"},
    {Route::PutHidden, "PUT", "/v1/channels/{c}/hidden"},
    {Route::GetEvents, "GET", "/v1/channels/{c}/events"},
    {Route::GetReceipts, "GET", "/v1/channels/{c}/receipts"},
    {Route::ListDeliveries, "GET", "/v1/channels/{c}/deliveries"},
    {Route::GetDirect, "GET", "/v1/direct/{user}"},
    {Route::PutDirect, "PUT", "/v1/direct/{user}"},
    {Route::PutRoom, "PUT", "/v1/rooms/{room}"},
    {Route::GetInbox, "GET", "/v1/inbox"},
    {Route::GetCommand, "GET", "/v1/commands/{id}"},
    {Route::ListCommands, "GET", "/v1/admin/commands"},
    {Route::GetAnyWorkspace, "GET", "/v1/admin/workspaces/{w}"},
    {Route::DisconnectUser, "POST", "/v1/admin/users/{user}/disconnect"},
    {Route::CreateUpload, "POST", "/v1/uploads"},
    {Route::GetUpload, "GET", "/v1/uploads/{c}/{random}/{name}"},
    {Route::Search, "GET", "/v1/search"},
    {Route::EraseUser, "DELETE", "/v1/admin/users/{user}"},
    {Route::CreateTicket, "POST", "/v1/tickets"},
    {Route::WebSocket, "GET", "/v1/ws"},
    {Route::CreateDevToken, "POST", "/v1/dev/tokens", false},
    {Route::OpenApi, "GET", "/openapi.json", false},
    {Route::AsyncApi, "GET", "/asyncapi.json", false},
    {Route::Docs, "GET", "/docs", false},
    {Route::Health, "GET", "/healthz", false},
    {Route::Ready, "GET", "/readyz", false},
    {Route::Metrics, "GET", "/metrics", false},
};

bool has_broken_encoding(std::string_view path) { return !net::percent_decode(path); }

}  // namespace

std::span<const RouteInfo> routes() { return kTable; }

Routed find_route(std::string_view method, std::string_view path) {
  if (path.empty() || path.front() != '/') return NoRoute{};
  if (has_broken_encoding(path)) return BadEncoding{};
  const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
  std::string allow;
  for (const auto& info : kTable) {
    if (!fits(info.pattern, path)) continue;
    if (info.method == wanted) {
      auto params = params_of(info.pattern, path);
      if (!params) return BadEncoding{};
      return Found{info.route, info.needs_token, info.pattern.starts_with("/v1/admin/"), std::move(*params)};
    }
    if (allow.find(info.method) != std::string::npos) continue;
    allow += (allow.empty() ? "" : ", ") + std::string(info.method);
    if (info.method == "GET") allow += ", HEAD";
  }
  if (!allow.empty()) return WrongMethod{allow + ", OPTIONS"};
  return NoRoute{};
}

}  // namespace parley::api
