// Lists that the public contract gives in pages, read whole.
#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

#include "dialect/slack_clone/records.hpp"
#include "dialect/times.hpp"

namespace parley::dialect::slack_clone {

namespace asio = boost::asio;

namespace {

bool is_gone(const Json& message) { return message.value("retracted", false) || message.value("erased", false); }

// Takes the page's messages from its newest on, while there is something left. False: there is not.
bool take(Json& page, Budget& budget, std::vector<Json>& newest_first) {
  for (auto it = page.rbegin(); it != page.rend(); ++it) {
    if (is_gone(*it)) continue;
    const auto bytes = text_in(*it, "text").size();
    if (budget.messages == 0 || budget.bytes < bytes) return false;
    --budget.messages;
    budget.bytes -= bytes;
    newest_first.push_back(std::move(*it));
  }
  return true;
}

}  // namespace

asio::awaitable<Or<Json>> members_of(Native& native, std::string thing) {
  const auto first_page = thing + "/members?limit=" + std::to_string(kPage);
  std::vector<Json> members;
  auto target = first_page;
  while (members.size() < kMaxMembers) {
    auto page = co_await native.get(target);
    if (!page.ok()) co_return std::unexpected(refused(page));
    for (auto& member : page.body["members"]) members.push_back(std::move(member));
    if (!page.body.value("has_more", false)) break;
    target = first_page + "&after=" + query_part(text_in(page.body, "next"));
  }
  std::ranges::sort(members, {},
                    [](const Json& each) { return std::pair(ms_in(each, "joined_at"), text_in(each, "user_id")); });
  Json emails = Json::array();
  for (const auto& member : members) emails.push_back(member["user_id"]);
  co_return emails;
}

asio::awaitable<Or<Json>> history_of(Native& native, std::string_view channel, Budget& budget) {
  const auto newest = path_of("/v1/channels/{}/messages", {channel}) + "?limit=" + std::to_string(kPage);
  std::vector<Json> newest_first;
  auto target = newest;
  while (true) {
    auto page = co_await native.get(target);
    if (page.status == 404) co_return Json(nullptr);
    if (!page.ok()) co_return std::unexpected(refused(page));
    auto& messages = page.body["messages"];
    if (messages.empty()) break;
    const auto first = messages.front()["seq"].get<std::uint64_t>();
    if (!take(messages, budget, newest_first) || !page.body.value("has_before", false)) break;
    target = newest + "&before=" + std::to_string(first);
  }
  Json messages = Json::array();
  for (auto it = newest_first.rbegin(); it != newest_first.rend(); ++it) messages.push_back(std::move(*it));
  co_return messages;
}

}  // namespace parley::dialect::slack_clone
