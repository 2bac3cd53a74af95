#include "ingest/http_writes.hpp"

#include "api/request_input.hpp"
#include "codec/client_query.hpp"
#include "ingest/settled.hpp"
#include "runtime/random.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using codec::InvalidInput;
using codec::Parsed;
using codec::Problem;

namespace {

std::unexpected<InvalidInput> not_found() {
  return std::unexpected(InvalidInput{Problem::NotFound, "there is no such thing, or you may not see it", {}});
}

// What a write's path, headers and body ask for.
class Request {
 public:
  Request(const api::Call& call, const codec::Author& author) : call_(call), author_(author) {}
  [[nodiscard]] Parsed<core::Payload> payload() const;

 private:
  [[nodiscard]] const std::string& body() const { return call_.request.body; }
  [[nodiscard]] std::optional<core::WorkspaceId> workspace() const { return core::WorkspaceId::parse(call_.params[0]); }
  [[nodiscard]] std::optional<core::ChannelId> channel() const { return core::ChannelId::parse(call_.params[0]); }
  [[nodiscard]] Parsed<std::optional<core::Version>> if_match() const;
  [[nodiscard]] Parsed<core::Payload> of_user() const;
  [[nodiscard]] Parsed<core::Payload> of_name() const;
  [[nodiscard]] Parsed<core::Payload> of_workspace(const core::WorkspaceId& workspace) const;
  [[nodiscard]] Parsed<core::Payload> of_channel(const core::ChannelId& channel) const;
  [[nodiscard]] Parsed<core::Payload> of_message(const core::ChannelId& channel) const;
  [[nodiscard]] Parsed<core::Payload> of_deletion(const core::ChannelId& channel, core::Seq seq) const;
  // What the query says: only a message's deletion takes any.
  [[nodiscard]] Parsed<bool> for_me() const;
  [[nodiscard]] Parsed<void> no_body() const;
  template <class Payload>
  [[nodiscard]] Parsed<core::Payload> without_body(Payload payload) const;

  const api::Call& call_;
  const codec::Author& author_;
};

Parsed<std::optional<core::Version>> Request::if_match() const {
  const auto header = api::only_header(call_.request, "If-Match");
  if (!header) return std::unexpected(header.error());
  return *header ? codec::parse_if_match(**header) : Parsed<std::optional<core::Version>>{std::nullopt};
}

Parsed<bool> Request::for_me() const {
  const auto query = api::query_of(call_.request);
  if (!query) return std::unexpected(query.error());
  if (call_.route == api::Route::DeleteMessage) return codec::parse_for_me(*query);
  if (auto none = codec::parse_no_query(*query); !none) return std::unexpected(none.error());
  return false;
}

Parsed<void> Request::no_body() const {
  if (!body().empty()) return std::unexpected(codec::wrong_field("body", "is not taken here"));
  return {};
}

template <class Payload>
Parsed<core::Payload> Request::without_body(Payload payload) const {
  if (auto none = no_body(); !none) return std::unexpected(none.error());
  return core::Payload(std::move(payload));
}

Parsed<core::Payload> Request::payload() const {
  using api::Route;
  if (auto query = for_me(); !query) return std::unexpected(query.error());
  switch (call_.route) {
    case Route::PutMe:
      return codec::parse_set_profile(body());
    case Route::CreateWorkspace:
      return codec::parse_create_workspace(body(), author_);
    case Route::CreateChannel:
      return codec::parse_create_channel(body(), author_);
    case Route::PutDirect:
      return of_user();
    case Route::PutRoom:
      return codec::parse_open_room(body(), call_.params[0]);
    case Route::PutName:
    case Route::DeleteName:
      return of_name();
    case Route::UpdateWorkspace:
    case Route::DeleteWorkspace:
    case Route::PutWorkspaceMember:
    case Route::DeleteWorkspaceMember: {
      const auto id = workspace();
      return id ? of_workspace(*id) : not_found();
    }
    default: {
      const auto id = channel();
      return id ? of_channel(*id) : not_found();
    }
  }
}

Parsed<core::Payload> Request::of_user() const {
  const auto other = core::UserId::parse(call_.params[0]);
  return other ? codec::parse_open_direct(body(), author_.user, *other) : not_found();
}

Parsed<core::Payload> Request::of_name() const {
  auto name = codec::parse_path_name(call_.params[0], call_.params[1]);
  if (!name) return std::unexpected(name.error());
  if (call_.route == api::Route::PutName) return without_body(core::ReserveName{std::move(*name)});
  return without_body(core::ReleaseName{std::move(*name)});
}

Parsed<core::Payload> Request::of_workspace(const core::WorkspaceId& workspace) const {
  using api::Route;
  if (call_.route == Route::DeleteWorkspace) return without_body(core::DeleteWorkspace{workspace});
  if (call_.route == Route::UpdateWorkspace) {
    const auto version = if_match();
    return version ? codec::parse_update_workspace(body(), workspace, *version) : std::unexpected(version.error());
  }
  const auto user = core::UserId::parse(call_.params[1]);
  if (!user) return not_found();
  if (call_.route == Route::DeleteWorkspaceMember) return without_body(core::RemoveWorkspaceMember{workspace, *user});
  return codec::parse_set_workspace_member(body(), workspace, *user);
}

Parsed<core::Payload> Request::of_channel(const core::ChannelId& channel) const {
  using api::Route;
  switch (call_.route) {
    case Route::UpdateChannel: {
      const auto version = if_match();
      return version ? codec::parse_update_channel(body(), channel, *version) : std::unexpected(version.error());
    }
    case Route::DeleteChannel:
      return without_body(core::DeleteChannel{channel});
    case Route::PutRead:
      return codec::parse_move_cursor(body(), channel, core::CursorKind::Read);
    case Route::PutDelivered:
      return codec::parse_move_cursor(body(), channel, core::CursorKind::Delivered);
    case Route::PutHidden:
      return codec::parse_hide_up_to(body(), channel);
    case Route::PostMessage:
      return codec::parse_post_message(body(), channel);
    case Route::EditMessage:
    case Route::DeleteMessage:
    case Route::PutReaction:
    case Route::DeleteReaction:
    case Route::PutPin:
    case Route::DeletePin:
      return of_message(channel);
    default:
      break;
  }
  const auto user = core::UserId::parse(call_.params[1]);
  if (!user) return not_found();
  if (call_.route == Route::PutBan) return codec::parse_set_ban(body(), channel, *user);
  if (call_.route == Route::DeleteBan) return without_body(core::SetBan{.channel = channel, .user = *user, .on = false});
  if (call_.route == Route::DeleteChannelMember) return without_body(core::RemoveChannelMember{channel, *user});
  return codec::parse_set_channel_member(body(), channel, *user);
}

Parsed<core::Payload> Request::of_message(const core::ChannelId& channel) const {
  const auto seq = codec::parse_path_seq(call_.params[1]);
  if (!seq) return std::unexpected(seq.error());
  using api::Route;
  if (call_.route == Route::EditMessage) {
    const auto version = if_match();
    return version ? codec::parse_edit_message(body(), channel, *seq, *version) : std::unexpected(version.error());
  }
  if (call_.route == Route::PutPin || call_.route == Route::DeletePin)
    return without_body(core::SetPin{channel, *seq, call_.route == Route::PutPin});
  if (call_.route == Route::PutReaction || call_.route == Route::DeleteReaction) {
    auto emoji = codec::parse_path_emoji(call_.params[2]);
    if (!emoji) return std::unexpected(emoji.error());
    return without_body(core::SetReaction{channel, *seq, std::move(*emoji), call_.route == Route::PutReaction});
  }
  return of_deletion(channel, *seq);
}

Parsed<core::Payload> Request::of_deletion(const core::ChannelId& channel, core::Seq seq) const {
  if (*for_me()) return without_body(core::HideMessage{channel, seq});
  return without_body(core::RetractMessage{channel, seq});
}

}  // namespace

void HttpWrites::serve(api::Door& door) {
  using api::Route;
  for (const auto route : {Route::PutMe,
                           Route::CreateWorkspace,
                           Route::UpdateWorkspace,
                           Route::DeleteWorkspace,
                           Route::PutWorkspaceMember,
                           Route::DeleteWorkspaceMember,
                           Route::CreateChannel,
                           Route::PutDirect,
                           Route::PutRoom,
                           Route::UpdateChannel,
                           Route::DeleteChannel,
                           Route::PutChannelMember,
                           Route::DeleteChannelMember,
                           Route::PutBan,
                           Route::DeleteBan,
                           Route::PostMessage,
                           Route::EditMessage,
                           Route::DeleteMessage,
                           Route::PutReaction,
                           Route::DeleteReaction,
                           Route::PutPin,
                           Route::DeletePin,
                           Route::PutRead,
                           Route::PutDelivered,
                           Route::PutHidden,
                           Route::PutName,
                           Route::DeleteName})
    door.answer(route, [this](api::Call call) { return write(std::move(call)); });
}

asio::awaitable<net::HttpResponse> HttpWrites::write(api::Call call) {
  auto key = api::key_of(call.request);
  if (!key) co_return api::problem(key.error(), call.trace_id());
  const codec::Author author{
      call.caller.user,
      key->empty() ? "\x01" + std::to_string(runtime::random_u64()) + std::to_string(runtime::random_u64()) : *key};
  auto payload = Request(call, author).payload();
  if (!payload) co_return api::problem(payload.error(), call.trace_id());
  auto command = writer_.command(call.caller.user, std::move(*key), std::move(*payload), call.trace.traceparent());
  const auto [sent, how] = co_await settled(&writer_, std::move(command));
  co_return response_of(sent, how, call.trace_id());
}

}  // namespace parley::ingest
