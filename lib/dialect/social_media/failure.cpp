#include "dialect/social_media/failure.hpp"

#include <array>

#include "core/ids.hpp"
#include "dialect/times.hpp"

namespace parley::dialect::social_media {

namespace {

struct Known {
  std::string_view name;
  unsigned status;
};
constexpr std::array<Known, 9> kKnown{{{"PARAMETER_INVALID", 400},
                                       {"PARAMETER_OUT_OF_RANGE", 400},
                                       {"AUTH_NOT_AUTHENTICATED", 401},
                                       {"AUTH_PERMISSION_DENIED", 403},
                                       {"RESUOURCE_NOT_FOUND", 404},  // as its clients know it
                                       {"CONFLICT", 409},
                                       {"TOO_MANY_REQUESTS", 429},
                                       {"INTERNAL_SERVER_ERROR", 500},
                                       {"REMOTE_SERVER_ERROR", 502}}};

// dd/MM/yyyy HH:mm:ss, UTC.
std::string timestamp(std::int64_t now_ms) {
  const auto iso = iso_of(now_ms);
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4) + " " + iso.substr(11, 8);
}

// The trace's id, spelt as a UUID.
std::string spelt_as_uuid(std::string id) {
  for (const std::size_t at : {8, 13, 18, 23}) id.insert(at, "-");
  return id;
}

// As the client calls his request, else as it is called here.
std::string trace_of(const Json& body, const std::string& trace_id) {
  return has_text(body, "requestId") ? text_in(body, "requestId") : spelt_as_uuid(trace_id);
}

net::HttpResponse answer(Failure what, std::string_view message, const std::string& trace, std::int64_t now_ms,
                         const Json& metadata) {
  const auto& known = kKnown[static_cast<std::size_t>(what)];
  return json_answer(known.status, {{"name", known.name},
                                    {"clientMessage", message},
                                    {"traceId", trace},
                                    {"timestamp", timestamp(now_ms)},
                                    {"metadata", metadata}});
}

Failure failure_of(unsigned status) {
  switch (status) {
    case 400:
      return Failure::ParameterInvalid;
    case 413:
      return Failure::ParameterOutOfRange;
    case 401:
      return Failure::NotAuthenticated;
    case 403:
      return Failure::PermissionDenied;
    case 404:
      return Failure::NotFound;
    case 409:
    case 412:
      return Failure::Conflict;
    case 429:
      return Failure::TooManyRequests;
    case 202:  // written, and nobody can say yet what became of it
    case 503:
      return Failure::RemoteServer;
    default:
      return Failure::Internal;
  }
}

// The public contract's `errors`, as those of a body.
Json metadata_of(const Json& problem) {
  const auto errors = problem.is_object() ? problem.find("errors") : problem.end();
  if (!problem.is_object() || errors == problem.end()) return Json::object();
  Json all = Json::array();
  for (const auto& error : *errors)
    all.push_back({{"property", text_in(error, "field")}, {"message", Json::array({text_in(error, "detail")})}});
  return {{"context", "body"}, {"errors", std::move(all)}};
}

}  // namespace

net::HttpResponse failed(const Call& call, Failure what, std::string_view message, const Json& metadata) {
  return answer(what, message, trace_of(call.body, call.trace_id), call.clock.now_ms(), metadata);
}

net::HttpResponse refused(const Call& call, const Native::Reply& reply) {
  const auto message = reply.is_unknown() ? "the outcome is not known yet" : reply.detail();
  auto response = failed(call, failure_of(reply.status), message, metadata_of(reply.body));
  if (!reply.retry_after.empty()) response.headers.emplace_back("Retry-After", reply.retry_after);
  return response;
}

net::HttpResponse denied(const Denial& denial) {
  const auto body = parse_json(denial.request.body).value_or(nullptr);
  return answer(failure_of(denial.status), denial.why, trace_of(body, denial.trace_id), denial.clock.now_ms(), Json::object());
}

net::HttpResponse not_a_member(const Call& call, std::uint64_t channel) {
  const auto user = std::to_string(core::number_of(call.native.user()).value);
  return failed(call, Failure::NotFound, "member " + user + " is not found in channel " + std::to_string(channel));
}

net::HttpResponse no_such_chat(const Call& call, std::uint64_t chat) {
  return failed(call, Failure::NotFound, "specified chat " + std::to_string(chat) + " is not found");
}

}  // namespace parley::dialect::social_media
