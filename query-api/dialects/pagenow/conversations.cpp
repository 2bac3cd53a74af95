#include <algorithm>

#include "dialect/pagenow/conversation.hpp"
#include "dialect/pagenow/message.hpp"
#include "dialect/pagenow/refusal.hpp"
#include "dialect/times.hpp"
#include "query-api/dialects/pagenow/pagenow.hpp"

namespace parley::query_api::dialects::pagenow {

namespace asio = boost::asio;
using dialect::Answering;
using dialect::Call;
using dialect::Json;
using dialect::json_answer;
using dialect::Native;
using dialect::path_of;
using dialect::text_in;
using dialect::pagenow::answer;
using dialect::pagenow::refusal_of;

namespace {

constexpr std::size_t kMaxConversations = 1'000;  // that are listed, the newest first
constexpr std::size_t kMaxParticipants = 10'000;  // likewise, by name
constexpr std::string_view kPage = "200";         // of members, of the inbox

// Somebody else who is in it; null: nobody is.
asio::awaitable<Json> another_in(Native& native, const Json& channel) {
  auto other = text_in(channel, "other_user");
  if (other.empty()) {
    const auto page = co_await native.get(path_of("/v1/channels/{}/members?limit=2", {text_in(channel, "id")}));
    if (page.ok())
      for (const auto& member : page.body["members"])
        if (auto user = text_in(member, "user_id"); other.empty() && user != native.user().text) other = std::move(user);
  }
  co_return other.empty() || other == native.user().text ? Json(nullptr) : Json(other);
}

// The newest message that he sees; null: there is none.
asio::awaitable<Json> latest_in(Native& native, const Json& entry) {
  if (!entry["last_message"].is_null() || entry["last_seq"] == 0) co_return entry["last_message"];
  const auto page = co_await native.get(path_of("/v1/channels/{}/messages?limit=1", {text_in(entry, "id")}));
  co_return page.ok() && !page.body["messages"].empty() ? page.body["messages"].back() : Json(nullptr);
}

struct Listed {
  std::int64_t number = 0;  // of the latest message
  bool is_read = false;
  Json row;
};

// `entry`: of the inbox. None: nothing has been said there.
asio::awaitable<std::optional<Listed>> listed(Native& native, const Json& entry) {
  const auto latest = co_await latest_in(native, entry);
  if (latest.is_null()) co_return std::nullopt;
  const bool is_read = entry["read_seq"] >= latest["seq"];
  const auto participant = co_await another_in(native, entry);
  co_return Listed{.number = dialect::number_in(latest),
                   .is_read = is_read,
                   .row = {{"conversationId", text_in(entry, "id")},
                           {"title", dialect::pagenow::title_of(entry)},
                           {"isGroup", dialect::pagenow::is_group(entry)},
                           {"sentAt", dialect::pagenow::sent_at(latest)},
                           {"latestContent", text_in(latest, "text")},
                           {"senderId", text_in(latest, "author")},
                           {"isRead", is_read},
                           {"participantId", participant}}};
}

}  // namespace

Answering direct_conversation(Call& call) {
  const auto& other = call.params[0];
  if (other == call.native.user().text) co_return json_answer(200, nullptr);  // it takes two
  const auto found = co_await call.native.get(path_of("/v1/direct/{}", {other}));
  if (!found.ok() && found.status != 404) co_return answer(refusal_of(found, "userId"));
  const auto id = text_in(found.body, "channel_id");
  co_return json_answer(200, id.empty() ? Json(nullptr) : Json{{"conversationId", id}});
}

Answering conversations(Call& call) {
  const auto wanted = call.asked("isRead");
  if (wanted && *wanted != "true" && *wanted != "false") co_return answer(dialect::pagenow::invalid("isRead"));
  std::vector<Listed> found;
  std::string after;
  do {
    std::string query = "?limit=" + std::string(kPage);
    if (wanted == "false") query += "&unread=true";  // of which some may be read, as far as he sees
    if (!after.empty()) query += "&after=" + dialect::query_part(after);
    const auto page = co_await call.native.get("/v1/inbox" + query);
    if (!page.ok()) co_return answer(refusal_of(page, "isRead"));
    for (const auto& entry : page.body["channels"]) {
      auto one = co_await listed(call.native, entry);
      if (one && (!wanted || one->is_read == (*wanted == "true"))) found.push_back(std::move(*one));
    }
    after = text_in(page.body, "next");
  } while (!after.empty() && found.size() < kMaxConversations);
  std::ranges::sort(found, std::greater{}, &Listed::number);
  auto rows = Json::array();
  for (auto& one : found) rows.push_back(std::move(one.row));
  co_return json_answer(200, rows);
}

Answering conversation(Call& call) {
  const auto channel = co_await conversation_of(call);
  if (!channel) co_return channel.error();
  const auto participant = co_await another_in(call.native, *channel);
  co_return json_answer(200, {{"conversation_id", text_in(*channel, "id")},
                              {"title", dialect::pagenow::title_of(*channel)},
                              {"isGroup", dialect::pagenow::is_group(*channel)},
                              {"participantId", participant}});
}

Answering participants(Call& call) {
  const auto channel = co_await conversation_of(call);
  if (!channel) co_return channel.error();
  const auto path = path_of("/v1/channels/{}/members", {text_in(*channel, "id")}) + "?limit=" + std::string(kPage);
  auto users = Json::array();
  std::string after;
  do {
    const auto page = co_await call.native.get(after.empty() ? path : path + "&after=" + dialect::query_part(after));
    if (!page.ok()) co_return answer(refusal_of(page, "conversationId"));
    for (const auto& member : page.body["members"]) users.push_back(text_in(member, "user_id"));
    after = text_in(page.body, "next");
  } while (!after.empty() && users.size() < kMaxParticipants);
  co_return json_answer(200, users);
}

}  // namespace parley::query_api::dialects::pagenow
