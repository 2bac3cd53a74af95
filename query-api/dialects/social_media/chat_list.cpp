#include "query-api/dialects/social_media/chat_list.hpp"

#include <algorithm>

namespace parley::query_api::dialects::social_media {

using namespace dialect::social_media;
using dialect::Json;

boost::asio::awaitable<std::expected<Json, net::HttpResponse>> chat_views(dialect::Call& call, const Json& channel,
                                                                          std::vector<Json> messages) {
  std::vector<std::uint64_t> seqs;
  std::ranges::transform(messages, std::back_inserter(seqs), seq_of);
  std::ranges::sort(seqs);
  auto stages = co_await stages_of(call, channel, std::move(seqs));
  if (!stages) co_return std::unexpected(std::move(stages.error()));
  const auto number = channel["number"].get<std::uint64_t>();
  Json views = Json::array();
  for (const auto& message : messages) views.push_back(chat_view(message, number, (*stages)[seq_of(message)]));
  co_return views;
}

}  // namespace parley::query_api::dialects::social_media
