#include "ingest/dialects/room_chat/room_chat.hpp"

#include <boost/asio/use_awaitable.hpp>

#include "dialect/times.hpp"
#include "ingest/dialects/room_chat/message.hpp"
#include "ingest/dialects/room_chat/shape.hpp"
#include "ingest/dialects/talk.hpp"

namespace parley::ingest::dialects {

namespace asio = boost::asio;
using dialect::path_of;
using dialect::text_in;

namespace room_chat {

namespace {

using Type = Field::Type;
using Reply = dialect::Native::Reply;
constexpr Field kJoin[] = {{"room", Type::Room, true}, {"name", Type::Text, true}, {"history", Type::Count}};
constexpr Field kMessage[] = {{"room", Type::Room, true}, {"message"}, {"name"}, {"postedAt"},
                              {"isDeleted", Type::Flag},  {"userId"}};
constexpr Field kHistory[] = {{"room", Type::Room, true}, {"limit", Type::Count}, {"before"}};
constexpr int kUnauthorized = 401;

Json status(int code, std::string_view body = {}) { return {{"statusCode", code}, {"body", std::string(body)}}; }

// What a refusal of the public contract's is here.
Json refused(const Reply& reply) {
  if (reply.status == 403) return status(kUnauthorized, "Unauthorized");
  if (reply.status == 404) return status(404, "Not Found");
  return status(static_cast<int>(reply.status), reply.detail());
}

// A channel that the user is in is a room as well, whose name is its id.
asio::awaitable<core::ChannelId> id_of(Talk& talk, const std::string& room) {
  if (room == talk.place) co_return talk.place_id;
  const auto channel = core::ChannelId::parse(room);
  if (!channel || channel->text() != room) co_return core::room_id(room);
  const auto found = co_await talk.native().get(path_of("/v1/channels/{}", {channel->text()}));
  co_return found.ok() && found.body.value("joined", false) ? *channel : core::room_id(room);
}

// What has no members is heard by the connections that have joined it; of all else one hears anyway.
bool is_joined_by_connection(const std::string& room, const core::ChannelId& id) { return id == core::room_id(room); }

asio::awaitable<std::string> messages_of(Talk& talk, const std::string& room) {
  co_return path_of("/v1/channels/{}/messages", {(co_await id_of(talk, room)).text()});
}

// A trace that the frame itself tells.
dialect::Native caller(Talk& talk, const Json& frame) {
  const auto trace = runtime::TraceContext::parse(text_in(frame, "traceparent"));
  return trace ? talk.native().in(*trace) : talk.native();
}

asio::awaitable<void> tell_history(Talk& talk, const std::string& room, const std::string& query) {
  const auto path = co_await messages_of(talk, room);
  const auto page = co_await talk.native().get(path + query);
  if (page.status == 404) co_return talk.say(status(200));  // nobody has been there
  if (!page.ok()) co_return talk.say(refused(page));
  for (const auto& message : page.body["messages"]) talk.say(broadcast(message, room));
  talk.say(status(200));
}

// One room for each socket: to join another is to leave the one before.
asio::awaitable<void> join(Talk& talk, const Json& frame) {
  if (const auto wrong = wrong_with(frame, kJoin); !wrong.empty()) co_return talk.say(status(400, wrong));
  const auto room = text_in(frame, "room");
  if (room != talk.place) {
    const auto id = co_await id_of(talk, room);
    if (is_joined_by_connection(room, id)) {
      const auto reply = co_await talk.ask({{"type", "join_channel"}, {"room", room}});
      if (text_in(reply, "type") != "ok") co_return talk.say(status(400, text_in(reply, "detail")));
    }
    const auto before = std::exchange(talk.place_id, id);
    const auto left = std::exchange(talk.place, room);
    if (!left.empty() && is_joined_by_connection(left, before))
      (void)co_await talk.ask({{"type", "leave_channel"}, {"channel_id", before.text()}});
  }
  talk.say(status(200));
  if (const auto it = frame.find("history"); it != frame.end())
    co_await tell_history(talk, room, "?limit=" + std::to_string(it->get<std::uint64_t>()));
}

asio::awaitable<Json> post(Talk& talk, Json frame) {
  const auto room = text_in(frame, "room");
  if (!dialect::has_text(frame, "message")) co_return status(400, "value.message is missing");
  auto native = caller(talk, frame);
  const Json body = {{"text", frame["message"]}, {"metadata", kept(frame)}};
  const auto id = co_await id_of(talk, room);
  const auto path = path_of("/v1/channels/{}/messages", {id.text()});
  auto posted = co_await native.post(path, body);
  if (posted.status == 404 && is_joined_by_connection(room, id)) {  // a room is made by the first who needs it
    if (const auto made = co_await native.put(path_of("/v1/rooms/{}", {room})); !made.ok()) co_return refused(made);
    posted = co_await native.post(path, body);
  }
  if (!posted.ok()) co_return refused(posted);
  talk.posted_in = id;
  co_return status(200);
}

// A message is named by who posted it, when, and where.
asio::awaitable<void> change(Talk& talk, const Json& frame) {
  const auto room = text_in(frame, "room");
  const auto number = dialect::ms_of_iso(text_in(frame, "postedAt"));
  if (!number) co_return talk.say(status(400, "value.postedAt is no time"));
  auto native = caller(talk, frame);
  const auto path = co_await messages_of(talk, room);
  const auto page = co_await native.get(path + "?limit=1&since=" + std::to_string(*number));
  const bool deletes = frame.value("isDeleted", false);  // again, too; what is deleted can't be edited
  const bool is_there = page.ok() && !page.body["messages"].empty() &&
                        dialect::number_in(page.body["messages"][0]) == *number &&
                        text_in(page.body["messages"][0], "author") == talk.user().text &&
                        (deletes || !page.body["messages"][0].value("retracted", false));
  if (!is_there) co_return talk.say(status(404, "Not Found"));
  const auto one = path + "/" + std::to_string(page.body["messages"][0]["seq"].get<std::uint64_t>());
  if (deletes) {
    const auto removed = co_await native.remove(one);
    co_return talk.say(removed.ok() ? status(200) : refused(removed));
  }
  if (!dialect::has_text(frame, "message")) co_return talk.say(status(400, "value.message is missing"));
  const auto edited = co_await native.patch(one, {{"text", frame["message"]}});
  talk.say(edited.ok() ? status(200) : refused(edited));
}

// Posts to a room of which it is not known that it is there have to be made one after the other, or they come in another order.
asio::awaitable<void> message(Talk& talk, Json frame) {
  const auto wrong = wrong_with(frame, kMessage);
  const bool changes = frame.contains("postedAt") || (wrong.empty() && frame.value("isDeleted", false));
  const bool is_his = frame.contains("userId") ? text_in(frame, "userId") == talk.user().text : !changes;
  const bool is_another = !talk.place.empty() && talk.posted_in == talk.place_id && text_in(frame, "room") == talk.place;
  if (!wrong.empty() || !is_his || changes || !is_another) co_await talk.in_turn();
  if (!wrong.empty()) co_return talk.say(status(400, wrong));
  if (!is_his) co_return talk.say(status(kUnauthorized, "Unauthorized"));
  if (changes) co_return co_await change(talk, frame);
  co_await talk.answer_beside(post(talk, std::move(frame)));
}

asio::awaitable<void> history(Talk& talk, const Json& frame) {
  if (const auto wrong = wrong_with(frame, kHistory); !wrong.empty()) co_return talk.say(status(400, wrong));
  std::string query = "?limit=50";
  if (const auto it = frame.find("limit"); it != frame.end()) query = "?limit=" + std::to_string(it->get<std::uint64_t>());
  if (frame.contains("before")) {
    const auto before = dialect::ms_of_iso(text_in(frame, "before"));
    if (!before) co_return talk.say(status(400, "value.before is no time"));
    if (*before <= 0) co_return talk.say(status(200));  // before there was any time
    query += "&until=" + std::to_string(*before - 1);
  }
  co_await tell_history(talk, text_in(frame, "room"), query);
}

}  // namespace

class RoomChat final : public Speech {
 public:
  [[nodiscard]] std::string_view name() const override { return "room_chat"; }
  [[nodiscard]] std::string_view user_claim() const override { return "sub"; }
  [[nodiscard]] bool is_meant(const Handshake& handshake) const override { return handshake.asked("token").has_value(); }
  [[nodiscard]] std::optional<std::string> token_of(const Handshake& handshake) const override {
    return handshake.asked("token");
  }
  [[nodiscard]] net::HttpResponse unauthenticated(std::string_view why) const override {
    return dialect::text_answer(kUnauthorized, why);
  }
  asio::awaitable<void> heard(Talk& talk, std::string_view text) const override;
  bool tell(Talk& talk, Telling& telling) const override;
};

asio::awaitable<void> RoomChat::heard(Talk& talk, std::string_view text) const {
  auto frame = dialect::parse_json(text);
  const auto action = frame ? text_in(*frame, "action") : std::string{};
  const auto asks = action == "onMessage"   ? limit::Asks::Message
                    : action == "onHistory" ? limit::Asks::Read
                                            : limit::Asks::Command;
  if (!co_await talk.afford(asks, text.size(), [](const auto& refusal) { return status(429, refusal.sentence()); })) co_return;
  if (action == "onMessage") co_return co_await message(talk, *std::move(frame));
  co_await talk.in_turn();
  if (!frame || !frame->is_object()) co_return talk.say(status(400, "value is not an object"));
  if (action == "onJoin")
    co_await join(talk, *frame);
  else if (action == "onHistory")
    co_await history(talk, *frame);
  else
    talk.say(status(
        400, frame->contains("action") ? "value.action is none of onJoin, onMessage, onHistory" : "value.action is missing"));
}

bool RoomChat::tell(Talk& talk, Telling& telling) const {
  const auto& type = telling.type();
  const bool is_of_a_message = type == "message_posted" || type == "message_edited" || type == "message_retracted";
  if (telling.channel() == talk.place_id && is_of_a_message)
    talk.say(telling.once(type, [&] { return broadcast(telling.event()["message"], talk.place); }));
  return true;
}

}  // namespace room_chat

const Speech& room_chat_speech() {
  static const room_chat::RoomChat speech;
  return speech;
}

}  // namespace parley::ingest::dialects
