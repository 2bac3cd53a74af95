// What Slack clone says: every answer is JSON, and an error is a message with status 200, unless nobody knows who is calling.
//
// Concurrency: pure functions, any thread.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::dialect::slack_clone {

template <class T>
using Or = std::expected<T, net::HttpResponse>;

inline constexpr std::string_view kName = "slack_clone";
inline constexpr std::string_view kClaim = "email";
inline constexpr std::string_view kNoUser = "invalid user";
inline constexpr std::string_view kNoWorkspace = "invalid workspace";

Json message(std::string_view text);
net::HttpResponse said(std::string_view text);
// The token is missing, no good, or not of one who may do that.
net::HttpResponse unauthenticated(std::string_view why);
// What the public contract refused for a reason that this dialect has no word for.
net::HttpResponse refused(const Native::Reply& reply);
// "<id> not exist"
std::string not_there(std::string_view id);

// What is wrong with a body that is to have these texts; none: it has them.
std::optional<net::HttpResponse> wrong_with(const Json& body, std::initializer_list<std::string_view> texts);

// Everything of the dialect but its routes.
Dialect with_routes(std::span<const Route> routes);

}  // namespace parley::dialect::slack_clone
