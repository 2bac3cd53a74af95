#include "query-api/dialects/pagenow/pagenow.hpp"

#include "dialect/pagenow/conversation.hpp"
#include "dialect/pagenow/pagenow.hpp"
#include "dialect/pagenow/refusal.hpp"

namespace parley::query_api::dialects {

namespace pagenow {

namespace {

using limit::Asks;
constexpr dialect::Route kRoutes[] = {
    {"GET", "/conversation/direct/{userId}", direct_conversation, Asks::Read},
    {"GET", "/conversations", conversations, Asks::Read},
    {"GET", "/conversations/{conversationId}", conversation, Asks::Read},
    {"GET", "/conversations/{conversationId}/messages", messages, Asks::Read},
    {"GET", "/conversations/{conversationId}/participants", participants, Asks::Read},
};

}  // namespace

// A public channel may be seen by those who are not in it, too.
boost::asio::awaitable<Found> conversation_of(dialect::Call& call) {
  auto channel = co_await call.native.get(dialect::path_of("/v1/channels/{}", {call.params[0]}));
  if (!channel.ok()) co_return std::unexpected(answer(dialect::pagenow::refusal_of(channel, "conversationId")));
  if (!dialect::pagenow::is_joined(channel.body)) co_return std::unexpected(answer(dialect::pagenow::no_participant()));
  co_return std::move(channel.body);
}

}  // namespace pagenow

const dialect::Dialect& pagenow_reads() {
  static const auto dialect = dialect::pagenow::dialect_with(pagenow::kRoutes);
  return dialect;
}

}  // namespace parley::query_api::dialects
