// Chats by their words.
#include <algorithm>

#include "dialect/social_media/form.hpp"
#include "query-api/dialects/social_media/chat_list.hpp"
#include "query-api/dialects/social_media/reads.hpp"

namespace parley::query_api::dialects::social_media {

namespace asio = boost::asio;
using namespace dialect::social_media;
using dialect::Json;

namespace {

constexpr std::string_view kOrders[] = {"ASC", "DESC"};
constexpr std::uint64_t kUsualPage = 20;
constexpr std::uint64_t kMaxPage = 200;
constexpr std::uint64_t kMaxHits = 10'000;  // as far as the public contract's pages go
constexpr std::size_t kMaxNativePage = 200;

// Words alone: to the public contract's search other signs may mean something.
std::string words_of(std::string text) {
  const auto is_of_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  std::ranges::replace_if(text, std::not_fn(is_of_word), ' ');
  return text;
}

// The first, unless a later one is asked for.
std::uint64_t page_of(const Call& call, Form& form) {
  const auto asked = call.asked("page").value_or("");
  if (asked.starts_with('-') && parse_number(std::string_view(asked).substr(1))) return 1;
  return std::max<std::uint64_t>(form.optional_number("page").value_or(1), 1);
}

// `count` hits behind the first `skipped`, and one more if there is one. The error is the answer.
asio::awaitable<std::expected<std::vector<Json>, net::HttpResponse>> find(Call& call, std::string target, std::size_t skipped,
                                                                          std::size_t count) {
  std::vector<Json> hits;
  const auto end = skipped + count + 1;
  target += "&limit=" + std::to_string(std::min(end, kMaxNativePage));
  std::string next;
  for (std::size_t seen = 0; seen < end;) {
    auto page = co_await call.native.get(target + next);
    if (!page.ok()) co_return std::unexpected(refused(call, page));
    for (auto& hit : page.body["hits"])
      if (seen++ >= skipped && hits.size() <= count) hits.push_back(std::move(hit));
    if (!page.body.value("has_more", false)) break;
    next = "&page=" + dialect::query_part(dialect::text_in(page.body, "next"));
  }
  co_return hits;
}

}  // namespace

Answering search_chats(Call& call) {
  Form form(call, Form::Of::Query);
  const auto number = form.number("channelId");
  const auto words = words_of(form.text("search"));
  const auto page = page_of(call, form);
  const auto size = form.number_between("perPage", 1, kMaxPage, kUsualPage);
  const bool oldest_first = form.one_of("order", kOrders, false) == "ASC";
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  const Json nothing = {{"data", Json::array()}, {"nextTokenId", ""}};
  const bool is_beyond = page > kMaxHits / size + 1;
  if (is_beyond || words.find_first_not_of(' ') == std::string::npos) co_return dialect::json_answer(200, nothing);
  auto target = "/v1/search?match=any&order=" + std::string(oldest_first ? "oldest" : "newest");
  target += "&channel_id=" + dialect::text_in(*channel, "id") + "&q=" + dialect::query_part(words);
  auto hits = co_await find(call, std::move(target), (page - 1) * size, size);
  if (!hits) co_return hits.error();
  const bool has_more = hits->size() > size;
  if (has_more) hits->pop_back();
  auto views = co_await chat_views(call, *channel, std::move(*hits));
  if (!views) co_return views.error();
  co_return dialect::json_answer(200, {{"data", std::move(*views)}, {"nextTokenId", has_more ? std::to_string(page + 1) : ""}});
}

}  // namespace parley::query_api::dialects::social_media
