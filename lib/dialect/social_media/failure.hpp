// What is said of a call that fails: one shape for all failures, and the names that its clients know.
//
// Concurrency: pure functions, any thread.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::dialect::social_media {

enum class Failure : std::uint8_t {
  ParameterInvalid,
  ParameterOutOfRange,
  NotAuthenticated,
  PermissionDenied,
  NotFound,
  Conflict,
  TooManyRequests,
  Internal,
  RemoteServer
};

net::HttpResponse failed(const Call& call, Failure what, std::string_view message, const Json& metadata = Json::object());
// As the public contract's refusal says. REQUIRES: the reply is not what was hoped for.
net::HttpResponse refused(const Call& call, const Native::Reply& reply);
// As Dialect::denied.
net::HttpResponse denied(const Denial& denial);

net::HttpResponse not_a_member(const Call& call, std::uint64_t channel);
net::HttpResponse no_such_chat(const Call& call, std::uint64_t chat);

}  // namespace parley::dialect::social_media
