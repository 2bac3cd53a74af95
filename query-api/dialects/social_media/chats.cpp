// One chat, and pages of them.
#include <algorithm>

#include "dialect/social_media/form.hpp"
#include "dialect/times.hpp"
#include "query-api/dialects/social_media/chat_list.hpp"
#include "query-api/dialects/social_media/reads.hpp"

namespace parley::query_api::dialects::social_media {

namespace asio = boost::asio;
using namespace dialect::social_media;
using dialect::Json;

namespace {

constexpr std::string_view kDirections[] = {"UP", "DOWN"};
constexpr std::uint64_t kUsualPage = 20;
constexpr std::uint64_t kMaxPage = 1000;
constexpr std::size_t kMaxNativePage = 200;
constexpr std::size_t kMaxLookedAt = 20'000;  // messages, for one page: so many may be withdrawn one after the other

struct Window {
  bool up = true;                     // to older ones, newest first
  std::optional<std::uint64_t> from;  // inclusive; none: from the end where it begins
  std::size_t size = 0;
};
struct Found {
  std::vector<Json> messages;  // in the direction of the window
  std::uint64_t token = 0;     // of what is the last here, if there is more behind it; else 0
};

std::string begin_of(const Window& window) {
  if (window.from) return (window.up ? "&until=" : "&since=") + std::to_string(*window.from);
  return window.up ? "" : "&after=0";
}

// Pages of the public contract's, until there are enough messages that are not withdrawn, or none is left. The error is the
// answer.
asio::awaitable<std::expected<Found, net::HttpResponse>> find(Call& call, const Json& channel, Window window) {
  Found found;
  const auto path = messages_path(channel) + "?limit=" + std::to_string(std::min(window.size + 1, kMaxNativePage));
  auto where = begin_of(window);
  for (std::size_t looked_at = 0; looked_at < kMaxLookedAt;) {
    auto page = co_await call.native.get(path + where);
    if (!page.ok()) co_return std::unexpected(refused(call, page));
    auto& messages = page.body["messages"];
    if (messages.empty()) break;
    if (window.up) std::reverse(messages.begin(), messages.end());
    const auto last = seq_of(messages.back());
    const auto last_number = static_cast<std::uint64_t>(dialect::number_in(messages.back()));
    looked_at += messages.size();
    for (auto& message : messages) {
      if (message.value("retracted", false)) continue;
      if (found.messages.size() == window.size) {
        found.token = static_cast<std::uint64_t>(dialect::number_in(found.messages.back()));
        co_return found;
      }
      found.messages.push_back(std::move(message));
    }
    found.token = last_number;  // in case that this is all that is looked at
    if (!page.body.value(window.up ? "has_before" : "has_after", false)) break;
    where = (window.up ? "&before=" : "&after=") + std::to_string(last);
    if (looked_at >= kMaxLookedAt) co_return found;
  }
  found.token = 0;
  co_return found;
}

}  // namespace

Answering get_chat(Call& call) {
  Form form(call, Form::Of::Query);
  const auto chat = form.path_number(0, "id");
  const auto number = form.number("channelId");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  auto message = co_await message_of(call.native, *channel, chat);
  if (!message) co_return refused(call, message.error());
  if (message->is_null()) co_return no_such_chat(call, chat);
  auto views = co_await chat_views(call, *channel, {std::move(*message)});
  if (!views) co_return views.error();
  co_return dialect::json_answer(200, (*views)[0]);
}

Answering list_chats(Call& call) {
  Form form(call, Form::Of::Query);
  const auto number = form.number("channelId");
  const auto first = form.optional_number("startId");
  const auto last = form.optional_number("endId");
  Window window{.size = form.number_between("perPage", 1, kMaxPage, kUsualPage)};
  window.up = form.one_of("scrolling", kDirections, false) != "DOWN";
  window.from = window.up ? last : first;
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  auto found = co_await find(call, *channel, window);
  if (!found) co_return found.error();
  auto views = co_await chat_views(call, *channel, std::move(found->messages));
  if (!views) co_return views.error();
  co_return dialect::json_answer(200, {{"data", std::move(*views)}, {"lastTokenId", std::to_string(found->token)}});
}

}  // namespace parley::query_api::dialects::social_media
