// Searches: every partition is asked, and what they found is merged.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "query-api/query_api.hpp"
#include "service/history.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::JsonWriter;

namespace {

// From which rank on each partition that is asked goes on: "3-0-12-0".
using Ranks = std::vector<std::uint32_t>;

std::string text_of(const Ranks& ranks) {
  std::string text;
  for (const auto rank : ranks) text += (text.empty() ? "" : "-") + std::to_string(rank);
  return text;
}

std::optional<Ranks> parse_ranks(std::string_view text, std::size_t count) {
  Ranks ranks;
  while (ranks.size() < count) {
    std::uint32_t rank = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rank);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    ranks.push_back(rank);
    if (ranks.size() == count) break;
    if (!text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(ranks) : std::nullopt;
}

pb::SearchOrder order_of(codec::SearchOrder order) {
  switch (order) {
    case codec::SearchOrder::Newest:
      return pb::SEARCH_ORDER_NEWEST;
    case codec::SearchOrder::Oldest:
      return pb::SEARCH_ORDER_OLDEST;
    case codec::SearchOrder::Relevance:
      break;
  }
  return pb::SEARCH_ORDER_RELEVANCE;
}

pb::ReadRequest request_of(const codec::SearchQuery& query, const std::optional<core::ChannelId>& channel,
                           const std::optional<core::UserId>& author) {
  pb::ReadRequest request;
  auto& search = *request.mutable_search();
  search.set_text(query.text);
  if (channel) search.set_channel(std::string(channel->bytes()));
  if (author) search.set_author(author->text);
  if (query.before) search.set_before_ms(query.before->value);
  if (query.after) search.set_after_ms(query.after->value);
  search.set_limit(query.limit);
  search.set_order(order_of(query.order));
  search.set_any(query.any);
  return request;
}

// A hit, and which of the answers it is from.
struct Found {
  const pb::SearchHit* hit = nullptr;
  std::size_t answer = 0;
};

// The weights of two partitions are of two indexes, which know how rare a word is each for itself: near enough to be merged by.
bool is_better(const Found& a, const Found& b) {
  const auto& [x, y] = std::pair(*a.hit, *b.hit);
  if (x.weight() != y.weight()) return x.weight() > y.weight();
  if (x.posted_at_ms() != y.posted_at_ms()) return x.posted_at_ms() > y.posted_at_ms();
  if (x.channel() != y.channel()) return x.channel() < y.channel();
  return x.message().seq() > y.message().seq();
}

// As in each partition.
bool is_earlier(const Found& a, const Found& b) {
  const auto place = [](const pb::SearchHit& hit) {
    return std::tuple(hit.posted_at_ms(), std::string_view(hit.channel()), hit.message().seq());
  };
  return place(*a.hit) < place(*b.hit);
}

void sort(std::vector<Found>& found, codec::SearchOrder order) {
  if (order == codec::SearchOrder::Relevance)
    std::ranges::sort(found, is_better);
  else if (order == codec::SearchOrder::Oldest)
    std::ranges::sort(found, is_earlier);
  else
    std::ranges::sort(found, [](const Found& a, const Found& b) { return is_earlier(b, a); });
}

std::vector<Found> merge(const std::vector<pb::ReadResponse>& responses, codec::SearchOrder order) {
  std::vector<Found> found;
  for (std::size_t i = 0; i < responses.size(); ++i)
    for (const auto& hit : responses[i].search().hits()) found.push_back({&hit, i});
  sort(found, order);
  return found;
}

bool append_hit(std::string& out, const pb::SearchHit& hit) {
  const auto channel = core::ChannelId::from_bytes(hit.channel());
  return channel && codec::append_hit(out, *channel, service::entry_of(hit.message()), hit.snippet());
}

// False when a row is damaged.
bool append_found(std::string& out, const std::vector<pb::ReadResponse>& responses, const codec::SearchQuery& query,
                  Ranks ranks) {
  auto found = merge(responses, query.order);
  const bool has_more = found.size() > query.limit;
  if (has_more) found.resize(query.limit);
  bool sound = true;
  JsonWriter json(out);
  json.begin_object().key("hits").begin_array();
  for (const auto& [hit, answer] : found) {
    json.value([&](std::string& to) { sound = append_hit(to, *hit) && sound; });
    ranks[answer] = hit->rank() + 1;
  }
  json.end_array().key("has_more").boolean(has_more);
  if (has_more) json.key("next").string(text_of(ranks));
  json.end_object();
  return sound;
}

}  // namespace

asio::awaitable<net::HttpResponse> QueryApi::search(Asked asked) {
  const auto query = codec::parse_search(asked.query);
  if (!query) co_return asked.refuse(query.error());
  const auto channel = query->channel_id ? core::ChannelId::parse(*query->channel_id) : std::nullopt;
  const auto author = query->author ? core::UserId::parse(*query->author) : std::nullopt;
  if ((query->channel_id && !channel) || (query->author && !author)) co_return asked.reader.not_found();
  const auto asked_of = channel ? 1U : asked.reader.partitions();
  auto ranks = query->page.empty() ? Ranks(asked_of) : parse_ranks(query->page, asked_of);
  if (!ranks)
    co_return asked.refuse(
        {codec::Problem::InvalidArgument, "page is not a `next` of this search", {{"page", "is malformed"}}});

  std::vector<pb::ReadRequest> requests(asked_of, request_of(*query, channel, author));
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i].mutable_search()->set_first((*ranks)[i]);
  std::vector<pb::ReadResponse> responses;
  if (channel) {
    auto response = co_await asked.reader.read(channel->slot(), std::move(requests.front()));
    if (!response) co_return response.error();
    responses.push_back(std::move(*response));
  } else {
    auto all = co_await asked.reader.read_each(std::move(requests));
    if (!all) co_return all.error();
    responses = std::move(*all);
  }
  std::string body;
  if (!append_found(body, responses, *query, std::move(*ranks))) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

}  // namespace parley::query_api
