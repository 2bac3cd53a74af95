#include "codec/problem.hpp"

#include <cstdlib>

#include "codec/json_writer.hpp"

namespace parley::codec {
namespace {

using enum Problem;
constexpr std::optional<CloseCode> kStaysOpen;

// In the order of the enum. `outcome_unknown` and the 503s are worth a retry with the same key; so is an internal fault, since
// the key makes it harmless.
constexpr ProblemInfo kProblemTable[] = {
    {InvalidJson, "invalid_json", 400, "Not valid JSON", false, CloseCode::BadFrames},
    {InvalidArgument, "invalid_argument", 400, "Invalid argument", false, kStaysOpen},
    {Unauthenticated, "unauthenticated", 401, "Not authenticated", false, CloseCode::TokenExpired},
    {Forbidden, "forbidden", 403, "Not allowed", false, kStaysOpen},
    {NotFound, "not_found", 404, "Not found", false, kStaysOpen},
    {MethodNotAllowed, "method_not_allowed", 405, "Method not allowed", false, kStaysOpen},
    {Conflict, "conflict", 409, "Conflict", false, kStaysOpen},
    {VersionMismatch, "version_mismatch", 412, "Version does not match", false, kStaysOpen},
    {PayloadTooLarge, "payload_too_large", 413, "Payload too large", false, CloseCode::TooBig},
    {KeyReused, "key_reused", 422, "Key used for something else", false, kStaysOpen},
    {RateLimited, "rate_limited", 429, "Too many requests", true, CloseCode::RateLimited},
    {OutcomeUnknown, "outcome_unknown", 202, "Outcome not known yet", true, kStaysOpen},
    {NotCaughtUp, "not_caught_up", 503, "Not caught up", true, kStaysOpen},
    {LogUnavailable, "log_unavailable", 503, "Log unavailable", true, kStaysOpen},
    {Internal, "internal", 500, "Internal error", true, kStaysOpen},
    {NotConfigured, "not_configured", 501, "Not configured at this server", false, kStaysOpen},
};

constexpr bool table_is_in_order() {
  for (std::size_t i = 0; i < std::size(kProblemTable); ++i)
    if (static_cast<std::size_t>(kProblemTable[i].problem) != i) return false;
  return std::size(kProblemTable) == kProblems;
}
static_assert(table_is_in_order());

void append_field_errors(JsonWriter& json, std::span<const FieldError> errors) {
  json.key("errors").begin_array();
  for (const auto& error : errors)
    json.begin_object().key("field").string(error.field).key("detail").string(error.detail).end_object();
  json.end_array();
}

}  // namespace

const ProblemInfo& info(Problem problem) { return kProblemTable[static_cast<std::size_t>(problem)]; }

std::string_view shown_detail(Problem problem, std::string_view detail) {
  if (problem == NotFound) return "there is no such thing, or you may not see it";
  return detail.empty() ? info(problem).title : detail;
}

Problem problem_of(core::Code code) {
  switch (code) {
    case core::Code::InvalidArgument:
      return InvalidArgument;
    case core::Code::Forbidden:
      return Forbidden;
    case core::Code::NotFound:
      return NotFound;
    case core::Code::Conflict:
      return Conflict;
    case core::Code::VersionMismatch:
      return VersionMismatch;
    case core::Code::KeyReused:
      return KeyReused;
    case core::Code::Ok:
      break;
  }
  std::abort();
}

void append_problem(std::string& out, const ProblemBody& body) {
  const auto& what = info(body.problem);
  JsonWriter json(out);
  json.begin_object();
  json.key("type").string(std::string("urn:parley:error:").append(what.code));
  json.key("title").string(what.title);
  json.key("status").number(body.status != 0 ? body.status : what.status);
  json.key("detail").string(shown_detail(body.problem, body.detail));
  json.key("code").string(what.code);
  if (!body.trace_id.empty()) json.key("trace_id").string(body.trace_id);
  if (!body.errors.empty()) append_field_errors(json, body.errors);
  if (!body.command_id.empty()) json.key("command_id").string(body.command_id);
  if (!body.position.empty()) json.key("position").string(body.position);
  json.end_object();
}

std::string problem_json(const ProblemBody& body) {
  std::string out;
  append_problem(out, body);
  return out;
}

}  // namespace parley::codec
