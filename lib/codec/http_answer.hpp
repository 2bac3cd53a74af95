// What HTTP answers to a write whose outcome is known.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <string>

#include "codec/problem.hpp"
#include "core/command.hpp"

namespace parley::codec {

struct HttpAnswer {
  unsigned status = 200;
  std::string body;      // empty: none (204)
  bool problem = false;  // the body is a problem (kProblemContentType), else JSON
};

// The same command and outcome give the same answer, so a repeated key gets the first one again.
HttpAnswer http_answer(const core::Command& command, const core::Outcome& outcome);

// 202: it is durable in the log, but its outcome is not known in time.
HttpAnswer outcome_unknown_answer(const core::Command& command, std::string_view position);

// The trace id in a W3C traceparent; empty when it has none.
std::string_view trace_id(std::string_view traceparent);

}  // namespace parley::codec
