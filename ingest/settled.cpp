#include "ingest/settled.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "api/answer.hpp"
#include "codec/http_answer.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using codec::Problem;

asio::awaitable<std::pair<core::Command, Settled>> settled(Writer* writer, core::Command command) {
  using Pair = std::pair<core::Command, Settled>;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Pair)>(
      [writer](auto handler, core::Command sent) {
        const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        writer->submit(std::move(sent),
                       [shared](const core::Command& done, const Settled& how) { (*shared)(Pair(done, how)); });
      },
      asio::use_awaitable, std::move(command));
}

net::HttpResponse response_of(const core::Command& command, const Settled& how, const std::string& trace_id) {
  if (how.how == Settled::How::NotWritten)
    return api::problem(Problem::LogUnavailable, "the log does not take commands now; nothing was written", trace_id);
  auto answer = how.how == Settled::How::Decided ? codec::http_answer(command, how.outcome)
                                                 : codec::outcome_unknown_answer(command, how.position);
  net::HttpResponse response{.status = answer.status, .headers = {}, .body = std::move(answer.body)};
  if (!response.body.empty())
    response.headers.emplace_back("Content-Type",
                                  answer.problem ? std::string(codec::kProblemContentType) : "application/json");
  if (!how.position.empty()) response.headers.emplace_back("Parley-Position", how.position);
  if (how.duplicate) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

}  // namespace parley::ingest
