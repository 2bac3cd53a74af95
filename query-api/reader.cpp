#include "query-api/reader.hpp"

#include "api/answer.hpp"
#include "api/request_input.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::Problem;

Reader::Answered<Reader> Reader::make(service::ReadModel& model, LogShape shape, const ReadOptions& options,
                                      const api::Call& call) {
  Reader reader(model, shape, options, call.caller.user.text, call.trace_id());
  if (shape.partitions == 0)
    return std::unexpected(api::problem(Problem::NotCaughtUp, "the read models can't be reached", reader.trace_id_));
  constexpr std::string_view kMinPosition = "Parley-Min-Position";
  if (const auto header = api::listed_header(call.request, kMinPosition)) {
    const auto refused = [&](std::string_view why) {
      return std::unexpected(api::problem(codec::wrong_field(kMinPosition, why), reader.trace_id_));
    };
    auto positions = codec::parse_positions(*header);
    if (!positions) return refused("names no position");
    for (const auto& position : *positions)
      if (position.epoch != shape.epoch || position.partition >= shape.partitions) return refused("is of another log");
    reader.wanted_ = std::move(*positions);
  }
  return reader;
}

void Reader::prepare(std::uint32_t partition, pb::ReadRequest& request) const {
  request.set_partition(partition);
  request.set_caller(caller_);
  request.set_wait_ms(static_cast<std::uint32_t>(options_.position_wait.count()));
  for (const auto& position : wanted_)
    if (position.partition == partition) request.set_min_next_offset(std::max(request.min_next_offset(), position.next));
}

Reader::Answered<void> Reader::accept(std::uint32_t partition, const pb::ReadResponse& response) {
  // That there is nothing is an answer too, as of a position.
  if (response.status() == pb::READ_STATUS_OK || response.status() == pb::READ_STATUS_NOT_FOUND) {
    if (!position_.empty()) position_.push_back(',');
    codec::Position{shape_.epoch, partition, response.next_offset()}.append_to(position_);
  }
  switch (response.status()) {
    case pb::READ_STATUS_OK:
      return {};
    case pb::READ_STATUS_NOT_FOUND:
      return std::unexpected(not_found());
    case pb::READ_STATUS_FORBIDDEN:
      return std::unexpected(api::problem(Problem::Forbidden, "your role does not allow it", trace_id_));
    case pb::READ_STATUS_NOT_CAUGHT_UP:
      return std::unexpected(api::problem(Problem::NotCaughtUp, "the position asked for is not reached yet", trace_id_));
    case pb::READ_STATUS_NOT_SERVED:
      return std::unexpected(
          api::problem(Problem::NotConfigured, "this server does not serve it: it is switched off", trace_id_));
    case pb::READ_STATUS_TIMEOUT:
      return std::unexpected(api::problem(Problem::NotCaughtUp, "it took too long: ask for less", trace_id_));
    default:
      return std::unexpected(api::problem(Problem::NotCaughtUp, "the read models can't be reached", trace_id_));
  }
}

asio::awaitable<Reader::Answered<pb::ReadResponse>> Reader::read(core::Slot slot, pb::ReadRequest request) {
  const auto partition = core::partition_of(slot, shape_.partitions);
  prepare(partition, request);
  auto response = co_await service::read(model_, std::move(request));
  if (auto accepted = accept(partition, response); !accepted) co_return std::unexpected(std::move(accepted.error()));
  co_return response;
}

asio::awaitable<Reader::Answered<std::vector<pb::ReadResponse>>> Reader::read_everywhere(pb::ReadRequest request) {
  co_return co_await read_each(std::vector<pb::ReadRequest>(shape_.partitions, request));
}

asio::awaitable<Reader::Answered<std::vector<pb::ReadResponse>>> Reader::read_each(std::vector<pb::ReadRequest> requests) {
  for (std::uint32_t p = 0; p < shape_.partitions; ++p) prepare(p, requests[p]);
  auto responses = co_await service::read_all(model_, std::move(requests));
  for (std::uint32_t p = 0; p < shape_.partitions; ++p)
    if (auto accepted = accept(p, responses[p]); !accepted) co_return std::unexpected(std::move(accepted.error()));
  co_return responses;
}

net::HttpResponse Reader::ok(std::string body) const {
  auto response = api::json(200, std::move(body));
  response.headers.emplace_back("Parley-Position", position_);
  return response;
}

net::HttpResponse Reader::not_found() const {
  return api::problem(Problem::NotFound, "there is no such thing, or you may not see it", trace_id_);
}

net::HttpResponse Reader::damaged() const { return api::problem(Problem::Internal, "what is stored can't be read", trace_id_); }

}  // namespace parley::query_api
