#include "codec/problem.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parley::codec {
namespace {

TEST(Problem, TheTableIsThatOfTheContract) {
  const std::pair<Problem, std::pair<std::string_view, unsigned>> contract[] = {
      {Problem::InvalidJson, {"invalid_json", 400}},
      {Problem::InvalidArgument, {"invalid_argument", 400}},
      {Problem::Unauthenticated, {"unauthenticated", 401}},
      {Problem::Forbidden, {"forbidden", 403}},
      {Problem::NotFound, {"not_found", 404}},
      {Problem::MethodNotAllowed, {"method_not_allowed", 405}},
      {Problem::Conflict, {"conflict", 409}},
      {Problem::VersionMismatch, {"version_mismatch", 412}},
      {Problem::PayloadTooLarge, {"payload_too_large", 413}},
      {Problem::KeyReused, {"key_reused", 422}},
      {Problem::RateLimited, {"rate_limited", 429}},
      {Problem::OutcomeUnknown, {"outcome_unknown", 202}},
      {Problem::NotCaughtUp, {"not_caught_up", 503}},
      {Problem::LogUnavailable, {"log_unavailable", 503}},
      {Problem::Internal, {"internal", 500}},
      {Problem::NotConfigured, {"not_configured", 501}},
  };
  static_assert(std::size(contract) == kProblems);
  for (const auto& [problem, said] : contract) {
    EXPECT_EQ(info(problem).code, said.first);
    EXPECT_EQ(info(problem).status, said.second);
    EXPECT_EQ(info(problem).problem, problem);
    EXPECT_FALSE(info(problem).title.empty());
  }
}

TEST(Problem, WhatPassesByItselfIsWorthARetry) {
  std::set<std::string_view> retryable;
  for (std::size_t i = 0; i < kProblems; ++i)
    if (info(static_cast<Problem>(i)).retryable) retryable.insert(info(static_cast<Problem>(i)).code);
  EXPECT_EQ(retryable,
            (std::set<std::string_view>{"rate_limited", "outcome_unknown", "not_caught_up", "log_unavailable", "internal"}));
}

TEST(Problem, EveryRejectionOfTheRulesHasOne) {
  EXPECT_EQ(problem_of(core::Code::InvalidArgument), Problem::InvalidArgument);
  EXPECT_EQ(problem_of(core::Code::Forbidden), Problem::Forbidden);
  EXPECT_EQ(problem_of(core::Code::NotFound), Problem::NotFound);
  EXPECT_EQ(problem_of(core::Code::Conflict), Problem::Conflict);
  EXPECT_EQ(problem_of(core::Code::VersionMismatch), Problem::VersionMismatch);
  EXPECT_EQ(problem_of(core::Code::KeyReused), Problem::KeyReused);
}

TEST(Problem, ABodyHasWhatRfc9457AndTheContractName) {
  EXPECT_EQ(problem_json({.problem = Problem::Conflict, .detail = "no \"thing\"", .trace_id = "abc"}),
            R"({"type":"urn:parley:error:conflict","title":"Conflict","status":409,"detail":"no \"thing\"",)"
            R"("code":"conflict","trace_id":"abc"})");
  const FieldError errors[] = {{"text", "is missing"}, {"x", "is unknown"}};
  EXPECT_EQ(
      problem_json({.problem = Problem::InvalidArgument, .detail = "text: is missing", .trace_id = "abc", .errors = errors}),
      R"({"type":"urn:parley:error:invalid_argument","title":"Invalid argument","status":400,"detail":"text: is missing",)"
      R"("code":"invalid_argument","trace_id":"abc","errors":[{"field":"text","detail":"is missing"},)"
      R"({"field":"x","detail":"is unknown"}]})");
}

TEST(Problem, WhatIsNotThereAndWhatMayNotBeSeenReadTheSame) {
  EXPECT_EQ(problem_json({.problem = Problem::NotFound, .detail = "no such channel", .trace_id = "abc"}),
            problem_json({.problem = Problem::NotFound, .detail = "no such member", .trace_id = "abc"}));
  EXPECT_EQ(shown_detail(Problem::NotFound, "no such channel"), shown_detail(Problem::NotFound, ""));
  EXPECT_EQ(shown_detail(Problem::Conflict, "the name is taken"), "the name is taken");
}

TEST(Problem, WithoutADetailTheTitleStandsForIt) {
  EXPECT_EQ(problem_json({.problem = Problem::Internal}),
            R"({"type":"urn:parley:error:internal","title":"Internal error","status":500,"detail":"Internal error",)"
            R"("code":"internal"})");
}

TEST(CloseCode, EachHasAReason) {
  for (const auto code : kCloseCodes) EXPECT_FALSE(reason(code).empty()) << static_cast<int>(code);
  EXPECT_EQ(static_cast<int>(CloseCode::SlowConsumer), 4408);
  EXPECT_EQ(reason(CloseCode::SlowConsumer), "slow consumer");
}

}  // namespace
}  // namespace parley::codec
