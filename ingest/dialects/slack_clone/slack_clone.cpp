#include "ingest/dialects/slack_clone/slack_clone.hpp"

#include <boost/asio/use_awaitable.hpp>

#include "dialect/slack_clone/actors.hpp"
#include "ingest/dialects/slack_clone/frames.hpp"
#include "ingest/dialects/slack_clone/writes.hpp"
#include "ingest/dialects/talk.hpp"

namespace parley::ingest::dialects {

namespace asio = boost::asio;
using dialect::text_in;

namespace slack_clone {

using dialect::slack_clone::message;

namespace {

constexpr std::string_view kDenied = "Authorization error";
constexpr std::string_view kNoChannel = "not valid workspace or channel";

constexpr dialect::Route kRoutes[] = {
    {"POST", "/user", register_user},
    {"POST", "/workspace", create_workspace},
    {"DELETE", "/workspace/{workspace}", delete_workspace},
    {"PATCH", "/workspace", invite_to_workspace},
    {"PATCH", "/workspace/out", leave_workspace},
    {"POST", "/channel", create_channel},
    {"DELETE", "/channel/{workspace}/{channel}", delete_channel},
    {"PATCH", "/channel", invite_to_channel},
    {"PATCH", "/channel/out", leave_channel},
};

// What is wrong with a frame that is to have these texts and to be the sender's own; empty: nothing.
std::string wrong_with(const Talk& talk, const Json& frame, std::initializer_list<std::string_view> texts) {
  for (const auto text : texts)
    if (!dialect::has_text(frame, text)) return std::string(text) + (frame.contains(text) ? " is no text" : " is missing");
  return text_in(frame, "sender") == talk.user().text ? std::string{} : std::string(kDenied);
}

bool is_missing(const Json& reply) {
  const auto code = text_in(reply, "code");
  return code == "not_found" || code == "forbidden";
}

// No answer: the receiver hears it, and nobody else. S-19
asio::awaitable<void> direct_message(Talk& talk, const Json& frame) {
  if (const auto wrong = wrong_with(talk, frame, {"sender", "receiver", "message"}); !wrong.empty())
    co_return talk.say(message(wrong));
  const auto receiver = text_in(frame, "receiver");
  if (!co_await dialect::slack_clone::is_user(talk.native(), receiver))
    co_return talk.say(message(dialect::slack_clone::kNoUser));
  const auto reply = co_await talk.ask(
      {{"type", "post_message"}, {"direct_to", receiver}, {"text", frame["message"]}, {"metadata", kept(frame)}});
  if (text_in(reply, "type") != "ok") talk.say(message(text_in(reply, "detail")));
}

// Whether the channel is of that workspace; what was found last is remembered.
asio::awaitable<bool> is_of(Talk& talk, const core::ChannelId& channel, const std::string& workspace) {
  if (talk.place_id == channel && talk.place == workspace) co_return true;
  const auto found = co_await talk.native().get(dialect::path_of("/v1/channels/{}", {channel.text()}));
  const bool is_there = found.ok() && dialect::has_text(found.body, "workspace_id");
  if (!is_there || text_in(found.body, "workspace_id") != workspace) co_return false;
  talk.place_id = channel;
  talk.place = workspace;
  co_return true;
}

asio::awaitable<Json> post(Talk& talk, core::ChannelId channel, Json text) {
  const auto reply = co_await talk.ask({{"type", "post_message"}, {"channel_id", channel.text()}, {"text", std::move(text)}});
  if (text_in(reply, "type") == "ok") co_return nullptr;
  co_return message(is_missing(reply) ? kNoChannel : text_in(reply, "detail"));
}

// Its answer is that the sender hears it, too. S-20
asio::awaitable<void> channel_message(Talk& talk, const Json& frame) {
  const auto wrong = wrong_with(talk, frame, {"sender", "message", "channel_id", "workspace_id"});
  const auto channel = core::ChannelId::parse(text_in(frame, "channel_id"));
  if (wrong.empty() && channel && co_await is_of(talk, *channel, text_in(frame, "workspace_id")))
    co_return co_await talk.answer_beside(post(talk, *channel, frame["message"]));
  co_await talk.in_turn();
  talk.say(message(wrong.empty() ? kNoChannel : wrong));
}

}  // namespace

// The last that is asked: what names nobody at all is one of its own, and refused.
class SlackClone final : public Speech {
 public:
  [[nodiscard]] std::string_view name() const override { return dialect::slack_clone::kName; }
  [[nodiscard]] std::string_view user_claim() const override { return dialect::slack_clone::kClaim; }
  [[nodiscard]] bool is_meant(const Handshake& handshake) const override {
    return handshake.query.empty() || token_of(handshake).has_value();
  }
  [[nodiscard]] std::optional<std::string> token_of(const Handshake& handshake) const override {
    const auto* id_token = handshake.request.header("IDToken");
    return id_token != nullptr ? std::optional(*id_token) : dialect::raw_or_bearer(handshake.request);
  }
  [[nodiscard]] net::HttpResponse unauthenticated(std::string_view /*why*/) const override {
    return dialect::text_answer(401, kDenied);
  }
  [[nodiscard]] bool needs_profile() const override { return true; }
  asio::awaitable<void> heard(Talk& talk, std::string_view text) const override;
  bool tell(Talk& talk, Telling& telling) const override;
};

asio::awaitable<void> SlackClone::heard(Talk& talk, std::string_view text) const {
  const auto frame = dialect::parse_json(text);
  const auto action = frame ? text_in(*frame, "action") : std::string{};
  const bool is_channels = action == "channelChat" || action == "channel_chat";
  const auto asks = is_direct(action) || is_channels ? limit::Asks::Message : limit::Asks::Command;
  if (!co_await talk.afford(asks, text.size(), [](const auto& refusal) { return message(refusal.sentence()); })) co_return;
  if (is_channels) co_return co_await channel_message(talk, *frame);
  co_await talk.in_turn();
  if (is_direct(action)) co_return co_await direct_message(talk, *frame);
  talk.say(message("invalid action"));
}

// Runs for each socket that hears a message: what is made of it is made once. A direct message to oneself is one that he gets.
bool SlackClone::tell(Talk& talk, Telling& telling) const {
  if (telling.type() != "message_posted") return true;
  if (const auto* made = telling.find("channel")) {
    talk.say(*made);
    return true;
  }
  const auto* channel = talk.channel(telling.channel());
  if (channel == nullptr) return false;
  const auto& posted = telling.event()["message"];
  if (dialect::has_text(*channel, "workspace_id")) {
    talk.say(telling.once("channel", [&] { return channel_frame(posted, text_in(*channel, "workspace_id")); }));
  } else if (text_in(*channel, "kind") == "direct") {
    const bool is_to_himself = channel->value("member_count", 0) == 1;
    if (text_in(posted, "author") != talk.user().text || is_to_himself)
      talk.say(telling.once("direct", [&] { return direct_frame(posted, talk.user().text); }));
  }
  return true;
}

}  // namespace slack_clone

const Speech& slack_clone_speech() {
  static const slack_clone::SlackClone speech;
  return speech;
}

const dialect::Dialect& slack_clone_writes() {
  static const auto dialect = dialect::slack_clone::with_routes(slack_clone::kRoutes);
  return dialect;
}

}  // namespace parley::ingest::dialects
