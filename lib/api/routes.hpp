// The paths and methods of the public contract (protocol.md, section 3): one table, whichever part of the program answers, so
// that a 404, a 405 and its `Allow` are the same in one process and in four.
//
// Concurrency: constant; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::api {

enum class Route : std::uint8_t {
  // --- writes: ingest
  PutMe,
  DeleteMe,
  EraseUser,
  CreateWorkspace,
  UpdateWorkspace,
  DeleteWorkspace,
  PutWorkspaceMember,
  DeleteWorkspaceMember,
  CreateChannel,
  PutDirect,
  PutRoom,
  UpdateChannel,
  DeleteChannel,
  PutChannelMember,
  DeleteChannelMember,
  PutBan,
  DeleteBan,
  PostMessage,
  EditMessage,
  DeleteMessage,
  PutReaction,
  DeleteReaction,
  PutPin,
  DeletePin,
  PutRead,
  PutDelivered,
  PutHidden,
  CreateAccount,
  CreateAccountToken,
  PutName,
  DeleteName,
  DisconnectUser,
  CreateTicket,
  CreateDevToken,
  WebSocket,
  // --- reads: query-api
  GetMe,
  GetUser,
  FindUsers,
  GetAccount,
  GetName,
  ListWorkspaces,
  GetWorkspace,
  ListWorkspaceMembers,
  ListWorkspaceChannels,
  GetChannel,
  FindChannels,
  ListChannelMembers,
  ListBans,
  GetDirect,
  GetInbox,
  GetMessages,
  GetMessage,
  GetRevisions,
  GetEvents,
  GetReceipts,
  ListDeliveries,
  GetCommand,
  ListCommands,
  GetAnyWorkspace,
  CreateUpload,
  GetUpload,
  Search,
  OpenApi,
  AsyncApi,
  Docs,
  // --- of every part
  Health,
  Ready,
  Metrics,
};
inline constexpr std::size_t kRoutes = static_cast<std::size_t>(Route::Metrics) + 1;

struct RouteInfo {
  Route route;
  std::string_view method;
  std::string_view pattern;  // segments in braces are parameters
  bool needs_token = true;
};
std::span<const RouteInfo> routes();

struct Found {
  Route route;
  bool needs_token = true;
  bool for_operators = false;       // all below /v1/admin/
  std::vector<std::string> params;  // decoded, in order
};
struct NoRoute {};
struct WrongMethod {
  std::string allow;  // for the header Allow
};
struct BadEncoding {};  // broken percent-encoding in the path
using Routed = std::variant<Found, NoRoute, WrongMethod, BadEncoding>;

// `path` is still percent-encoded. HEAD is served where GET is.
Routed find_route(std::string_view method, std::string_view path);

}  // namespace parley::api
