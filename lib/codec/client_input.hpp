// The bodies and headers of HTTP writes as core payloads. Strict: what protocol.md does not name is refused, and so are
// duplicate names, nesting deeper than kMaxJsonDepth, numbers out of range and invalid UTF-8. A malformed id inside a body is
// `not_found`, like one in a path. An optional field is left out; null stands for nothing.
//
// Concurrency: pure functions, any thread. Limits: limits.hpp; the caller bounds the body.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "codec/invalid_input.hpp"
#include "codec/limits.hpp"
#include "core/command.hpp"

namespace parley::codec {

template <class T>
using Parsed = std::expected<T, InvalidInput>;

// Who makes a workspace or a channel, and of what its id is made: the idempotency key, or text that is never used again.
struct Author {
  core::UserId user;
  std::string key;
};

// The idempotency key of a header or frame.
Parsed<std::string> parse_key(std::string_view text);
// If-Match: one quoted version; none for "*".
Parsed<std::optional<core::Version>> parse_if_match(std::string_view header);
// A seq in a path: malformed is not_found.
Parsed<core::Seq> parse_path_seq(std::string_view text);

// A name of the site's in a path.
Parsed<core::SiteName> parse_path_name(std::string_view space, std::string_view name);

// An emoji in a path.
Parsed<std::string> parse_path_emoji(std::string_view text);

Parsed<core::Payload> parse_set_profile(std::string_view body);
Parsed<core::Payload> parse_create_workspace(std::string_view body, const Author& author);
Parsed<core::Payload> parse_update_workspace(std::string_view body, const core::WorkspaceId& workspace,
                                             std::optional<core::Version> if_version);
// The body may be empty.
Parsed<core::Payload> parse_set_workspace_member(std::string_view body, const core::WorkspaceId& workspace,
                                                 const core::UserId& user);
Parsed<core::Payload> parse_create_channel(std::string_view body, const Author& author);
// Empty, or an object without fields.
Parsed<core::Payload> parse_open_direct(std::string_view body, const core::UserId& user, const core::UserId& other);
// The same; `name` is as it stands in a path.
Parsed<core::Payload> parse_open_room(std::string_view body, std::string_view name);
Parsed<core::Payload> parse_update_channel(std::string_view body, const core::ChannelId& channel,
                                           std::optional<core::Version> if_version);
// The body may be empty.
Parsed<core::Payload> parse_set_channel_member(std::string_view body, const core::ChannelId& channel, const core::UserId& user);
// The body may be empty.
Parsed<core::Payload> parse_set_ban(std::string_view body, const core::ChannelId& channel, const core::UserId& user);
Parsed<core::Payload> parse_post_message(std::string_view body, const core::ChannelId& channel);
Parsed<core::Payload> parse_edit_message(std::string_view body, const core::ChannelId& channel, core::Seq seq,
                                         std::optional<core::Version> if_version);
Parsed<core::Payload> parse_move_cursor(std::string_view body, const core::ChannelId& channel, core::CursorKind kind);
Parsed<core::Payload> parse_hide_up_to(std::string_view body, const core::ChannelId& channel);

// A body that says nothing: empty, or an object without fields.
Parsed<void> parse_no_body(std::string_view body);

// The body of POST /v1/dev/tokens.
struct DevTokenRequest {
  core::UserId user;
  std::optional<std::string> name;
  std::optional<std::uint64_t> expires_in_s;
};
Parsed<DevTokenRequest> parse_dev_token(std::string_view body);

}  // namespace parley::codec
