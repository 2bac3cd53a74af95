#include "api/answer.hpp"

namespace parley::api {

net::HttpResponse json(unsigned status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

net::HttpResponse no_content() { return {.status = 204, .headers = {}, .body = {}}; }

namespace {

net::HttpResponse problem(const codec::ProblemBody& body) {
  net::HttpResponse response{.status = body.status != 0 ? body.status : codec::info(body.problem).status,
                             .headers = {{"Content-Type", std::string(codec::kProblemContentType)}},
                             .body = codec::problem_json(body)};
  if (body.problem == codec::Problem::NotCaughtUp || body.problem == codec::Problem::LogUnavailable ||
      body.problem == codec::Problem::RateLimited)
    response.headers.emplace_back("Retry-After", "1");
  if (body.problem == codec::Problem::Unauthenticated) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

net::HttpResponse problem(codec::Problem what, std::string_view detail, std::string_view trace_id, unsigned status) {
  return problem(codec::ProblemBody{.problem = what, .detail = detail, .trace_id = trace_id, .status = status});
}

net::HttpResponse problem(const codec::InvalidInput& input, std::string_view trace_id) {
  return problem(
      codec::ProblemBody{.problem = input.code, .detail = input.detail, .trace_id = trace_id, .errors = input.errors});
}

}  // namespace parley::api
