#include <algorithm>
#include <charconv>

#include "dialect/pagenow/message.hpp"
#include "dialect/pagenow/refusal.hpp"
#include "query-api/dialects/pagenow/pagenow.hpp"

namespace parley::query_api::dialects::pagenow {

namespace asio = boost::asio;
using dialect::Answering;
using dialect::Call;
using dialect::Json;
using dialect::Native;
using dialect::path_of;
using dialect::text_in;
using dialect::pagenow::answer;
using dialect::pagenow::Refusal;

namespace {

constexpr std::size_t kMaxOffset = 10'000;  // what it passes over is read
constexpr std::size_t kMaxLimit = 1'000;
constexpr std::size_t kPage = 200;  // the public contract's

std::expected<std::size_t, Refusal> number_in(const Call& call, std::string_view name, std::size_t most) {
  const auto text = call.asked(name);
  if (!text || text->empty()) return std::unexpected(dialect::pagenow::missing_parameter(name));
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number > most)
    return std::unexpected(dialect::pagenow::invalid(name));
  return number;
}

Json row_of(const Json& message) {
  return {{"messageId", dialect::pagenow::message_id(message)},
          {"conversationId", text_in(message, "channel_id")},
          {"sentAt", dialect::pagenow::sent_at(message)},
          {"senderId", text_in(message, "author")},
          {"content", text_in(message, "text")}};
}

// The newest first, from behind `offset` of them on. What he has hidden does not count, so it is counted, not computed.
asio::awaitable<std::expected<std::vector<Json>, Refusal>> window(Native& native, std::string channel, std::size_t offset,
                                                                  std::size_t limit) {
  std::vector<Json> rows;
  std::string before;
  for (bool has_more = true; has_more && rows.size() < limit;) {
    const auto size = std::min(kPage, offset + limit - rows.size());
    const auto page =
        co_await native.get(path_of("/v1/channels/{}/messages", {channel}) + "?limit=" + std::to_string(size) + before);
    if (!page.ok()) co_return std::unexpected(dialect::pagenow::refusal_of(page, "conversationId"));
    const auto& messages = page.body["messages"];
    for (auto message = messages.rbegin(); message != messages.rend() && rows.size() < limit; ++message) {
      if (offset > 0)
        --offset;
      else
        rows.push_back(row_of(*message));
    }
    has_more = page.body["has_before"] == true && !messages.empty();
    if (has_more) before = "&before=" + std::to_string(messages.front()["seq"].get<std::uint64_t>());
  }
  co_return rows;
}

}  // namespace

Answering messages(Call& call) {
  const auto offset = number_in(call, "offset", kMaxOffset);
  if (!offset) co_return answer(offset.error());
  const auto limit = number_in(call, "limit", kMaxLimit);
  if (!limit) co_return answer(limit.error());
  const auto order = call.asked("order").value_or("desc");
  if (order != "asc" && order != "desc") co_return answer(dialect::pagenow::invalid("order"));
  const auto channel = co_await conversation_of(call);
  if (!channel) co_return channel.error();
  auto rows = co_await window(call.native, text_in(*channel, "id"), *offset, *limit);
  if (!rows) co_return answer(rows.error());
  if (order == "asc") std::ranges::reverse(*rows);
  co_return dialect::json_answer(200, Json(std::move(*rows)));
}

}  // namespace parley::query_api::dialects::pagenow
