#include <boost/asio/use_awaitable.hpp>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "codec/limits.hpp"
#include "codec/text_rules.hpp"
#include "dialect/pagenow/conversation.hpp"
#include "dialect/pagenow/pagenow.hpp"
#include "ingest/dialects/pagenow/frames.hpp"
#include "ingest/dialects/pagenow/pagenow.hpp"
#include "ingest/dialects/talk.hpp"

namespace parley::ingest::dialects {

namespace asio = boost::asio;
using dialect::path_of;
using dialect::text_in;

namespace pagenow {

namespace {

namespace shared = dialect::pagenow;
using shared::Refusal;
constexpr std::string_view kTempMessageId = "tempMessageId";
constexpr std::string_view kConversationId = "conversationId";
constexpr std::string_view kContent = "content";

void refuse(Talk& talk, const Refusal& refusal) { talk.say(refused(refusal)); }

bool is_missing(const Json& frame, std::string_view field) {
  const auto it = frame.find(field);
  return it == frame.end() || it->is_null() || (it->is_string() && it->get_ref<const std::string&>().empty());
}

// What is wrong with a message; none: nothing.
std::optional<Refusal> wrong_with_message(const Json& frame) {
  for (const auto field : {kTempMessageId, kConversationId, kContent})
    if (is_missing(frame, field)) return shared::missing_in_body(field);
  if (dialect::text_of(kept(frame[kTempMessageId])).size() > codec::kMaxMetadataBytes) return shared::invalid(kTempMessageId);
  if (!dialect::has_text(frame, kConversationId)) return shared::invalid(kConversationId);
  if (!dialect::has_text(frame, kContent) || core::count_characters(text_in(frame, kContent)) > shared::kMaxContentCharacters)
    return shared::invalid(kContent);
  return std::nullopt;
}

// A message that is sent again is the same: the client's own id of it is the key, or stands for one that can't be.
std::string key_of(const Json& temp_message_id) {
  if (temp_message_id.is_string() && codec::wrong_with_key(temp_message_id.get_ref<const std::string&>()).empty())
    return temp_message_id.get<std::string>();
  return "pagenow:" + auth::base64url(auth::hmac_sha256("tempMessageId", dialect::text_of(temp_message_id)));
}

// The conversation that a frame names, as GET /v1/channels/{c} has it, if the caller takes part in it.
asio::awaitable<std::expected<Json, Refusal>> conversation_of(Talk& talk, const Json& frame) {
  const auto id = core::ChannelId::parse(text_in(frame, kConversationId));
  if (!id) co_return std::unexpected(shared::no_participant());
  auto channel = co_await talk.native().get(path_of("/v1/channels/{}", {id->text()}));
  if (!channel.ok()) co_return std::unexpected(shared::refusal_of(channel, kConversationId));
  if (!shared::is_joined(channel.body)) co_return std::unexpected(shared::no_participant());
  co_return std::move(channel.body);
}

// All who are in the conversation hear of it by its event. One that had been sent before is told to its sender alone.
asio::awaitable<Json> post(Talk& talk, Json frame) {
  const Json body = {{"text", frame[kContent]}, {"metadata", kept(frame[kTempMessageId])}};
  const auto path = path_of("/v1/channels/{}/messages", {text_in(frame, kConversationId)});
  const auto posted = co_await talk.native().post(path, body, key_of(frame[kTempMessageId]));
  if (!posted.ok() || posted.is_unknown()) {
    const auto blamed = posted.status == 409 ? kConversationId : kTempMessageId;
    co_return refused(shared::refusal_of(posted, blamed));
  }
  co_return posted.replayed ? new_message(posted.body) : nullptr;
}

asio::awaitable<void> send_message(Talk& talk, Json frame) {
  auto wrong = wrong_with_message(frame);
  const auto id = core::ChannelId::parse(text_in(frame, kConversationId));
  if (!wrong && !(id && talk.hears(*id)))  // a room takes messages from whoever comes, but here nobody takes part in one
    if (const auto conversation = co_await conversation_of(talk, frame); !conversation) wrong = conversation.error();
  if (!wrong) co_return co_await talk.answer_beside(post(talk, std::move(frame)));
  co_await talk.in_turn();
  refuse(talk, *wrong);
}

// Every connection of the reader's hears of it by its event, if there was something to read; this one in any case, and once.
asio::awaitable<void> read_messages(Talk& talk, const Json& frame) {
  if (is_missing(frame, kConversationId)) co_return refuse(talk, shared::missing_in_body(kConversationId));
  const auto conversation = co_await conversation_of(talk, frame);
  if (!conversation) co_return refuse(talk, conversation.error());
  const auto id = core::ChannelId::parse(text_in(*conversation, "id"));
  const auto last_seq = (*conversation)["last_seq"].get<std::uint64_t>();
  const auto answer = messages_read(id->text(), talk.user().text);
  if (last_seq == 0) co_return talk.say(answer);
  talk.place_id = *id;
  talk.place = std::to_string(last_seq);
  const auto marked = co_await talk.native().put(path_of("/v1/channels/{}/read", {id->text()}), {{"seq", last_seq}});
  if (!marked.ok() || marked.is_unknown()) {
    talk.place.clear();
    co_return refuse(talk, shared::refusal_of(marked, kConversationId));
  }
  talk.say(answer);
}

}  // namespace

class PageNow final : public Speech {
 public:
  [[nodiscard]] std::string_view name() const override { return shared::kName; }
  [[nodiscard]] std::string_view user_claim() const override { return shared::kUserClaim; }
  [[nodiscard]] bool is_meant(const Handshake& handshake) const override { return token_of(handshake).has_value(); }
  [[nodiscard]] std::optional<std::string> token_of(const Handshake& handshake) const override {
    return handshake.asked("Authorization");
  }
  [[nodiscard]] std::span<const std::string_view> page_origins() const override { return shared::kPages; }
  [[nodiscard]] net::HttpResponse unauthenticated(std::string_view why) const override {
    return shared::answer(shared::unauthenticated(why));
  }
  [[nodiscard]] std::chrono::milliseconds idle_timeout() const override { return std::chrono::minutes(10); }
  asio::awaitable<void> heard(Talk& talk, std::string_view text) const override;
  bool tell(Talk& talk, Telling& telling) const override;
};

asio::awaitable<void> PageNow::heard(Talk& talk, std::string_view text) const {
  auto frame = dialect::parse_json(text).value_or(Json::object());
  const auto action = text_in(frame, "action");
  const auto asks = action == "send-message" ? limit::Asks::Message : limit::Asks::Command;
  const auto too_much = [](const auto& refusal) { return refused({429, refusal.sentence()}); };
  if (!co_await talk.afford(asks, text.size(), too_much)) co_return;
  if (action == "send-message") co_return co_await send_message(talk, std::move(frame));
  co_await talk.in_turn();
  if (action == "read-messages")
    co_await read_messages(talk, frame);
  else if (action != "heartbeat")  // which needs no more than to be heard
    refuse(talk, action.empty() ? shared::missing_in_body("action") : shared::invalid("action"));
}

bool PageNow::tell(Talk& talk, Telling& telling) const {
  const auto& event = telling.event();
  if (telling.type() == "message_posted") {
    talk.say(telling.once("new-message", [&] { return new_message(event["message"]); }));
  } else if (telling.type() == "read_marked" && text_in(event, "user_id") == talk.user().text) {
    const bool is_answered =
        telling.channel() == talk.place_id && std::to_string(event.value("seq", std::uint64_t{0})) == talk.place;
    const auto conversation = telling.channel().text();
    if (!is_answered) talk.say(telling.once("read-messages", [&] { return messages_read(conversation, talk.user().text); }));
  }
  return true;
}

}  // namespace pagenow

const Speech& pagenow_speech() {
  static const pagenow::PageNow speech;
  return speech;
}

}  // namespace parley::ingest::dialects
