// The one table of what can be wrong, as clients see it: code, HTTP status, title, whether sending it again with the same key
// helps, and with which code a WebSocket is closed over it.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codec/close_code.hpp"
#include "core/change.hpp"

namespace parley::codec {

enum class Problem : std::uint8_t {
  InvalidJson,
  InvalidArgument,
  Unauthenticated,
  Forbidden,
  NotFound,
  MethodNotAllowed,
  Conflict,
  VersionMismatch,
  PayloadTooLarge,
  KeyReused,
  RateLimited,
  OutcomeUnknown,
  NotCaughtUp,
  LogUnavailable,
  Internal,
  NotConfigured,
};
inline constexpr std::size_t kProblems = 16;

struct ProblemInfo {
  Problem problem;
  std::string_view code;  // stable
  unsigned status;        // of HTTP
  std::string_view title;
  bool retryable;
  std::optional<CloseCode> close;  // when it ends a WebSocket
};
const ProblemInfo& info(Problem problem);

// What a client reads as the detail: `detail`, or the title where there is none. Of not_found it is always the same sentence:
// what isn't there, what may not be seen and what can't be a name must not be told apart.
std::string_view shown_detail(Problem problem, std::string_view detail);

// REQUIRES: code is not Ok.
Problem problem_of(core::Code code);

struct FieldError {
  std::string field;
  std::string detail;
  bool operator==(const FieldError&) const = default;
};

// An RFC 9457 body.
struct ProblemBody {
  Problem problem = Problem::Internal;
  std::string_view detail;
  std::string_view trace_id;  // empty: left out
  std::span<const FieldError> errors;
  std::string_view command_id;  // of outcome_unknown; empty: left out
  std::string_view position;    // likewise
  unsigned status = 0;          // 0: the problem's own; else one that HTTP has, and the table does not
};
inline constexpr std::string_view kProblemContentType = "application/problem+json";
void append_problem(std::string& out, const ProblemBody& body);
std::string problem_json(const ProblemBody& body);

}  // namespace parley::codec
