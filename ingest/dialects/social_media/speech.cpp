#include <algorithm>

#include "core/ids.hpp"
#include "dialect/social_media/form.hpp"
#include "dialect/social_media/places.hpp"
#include "dialect/times.hpp"
#include "ingest/dialects/social_media/social_media.hpp"
#include "ingest/dialects/talk.hpp"

namespace parley::ingest::dialects {

namespace asio = boost::asio;
using dialect::text_in;
using namespace std::string_view_literals;

namespace social_media {

using namespace dialect::social_media;

namespace {

constexpr std::uint16_t kPolicyViolation = 1008;
constexpr std::string_view kClientId = "clientid_";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::optional<std::uint64_t> number_of_client(std::string_view id) {
  if (id.starts_with(kClientId)) id.remove_prefix(kClientId.size());
  return parse_number(id);
}

bool turn_away(Talk& talk, std::string_view why) {
  talk.say(why);
  talk.close(kPolicyViolation, why);
  return false;
}

// The chat that it names has been read, and all before it.
asio::awaitable<void> acknowledge(Talk& talk, const Json& data) {
  const auto number = data.find("channelId");
  const auto sent_at = dialect::ms_of_iso(text_in(data, "createdAt"));
  if (number == data.end() || !number->is_number_unsigned() || !sent_at || *sent_at < 0)
    co_return talk.say("channelId and createdAt parameters are not found"sv);
  auto& native = talk.native();
  const auto channel = co_await channel_of(native, number->get<std::uint64_t>());
  if (!channel || !is_joined(*channel)) co_return talk.say("specified channel is not found"sv);
  const auto message = co_await message_of(native, *channel, static_cast<std::uint64_t>(*sent_at));
  if (!message || message->is_null()) co_return talk.say("specified chat is not found"sv);
  const auto path = dialect::path_of("/v1/channels/{}/read", {text_in(*channel, "id")});
  if (const auto read = co_await native.put(path, Json{{"seq", seq_of(*message)}}); !read.ok())
    talk.say(std::string_view(read.detail()));
}

// When a chat had first reached somebody else is what is asked for: of all the sockets here the first says so.
void deliver(Talk& talk, Telling& telling) {
  const auto& message = telling.event()["message"];
  if (talk.is_closing() || text_in(message, "author") == talk.user().text) return;
  telling.set_delivered();
  talk.delivered(telling.channel(), seq_of(message));
}

}  // namespace

class SocialMedia final : public Speech {
 public:
  [[nodiscard]] std::string_view name() const override { return "social_media"; }
  [[nodiscard]] std::string_view user_claim() const override { return "userEmail|email"; }
  [[nodiscard]] bool is_meant(const Handshake& handshake) const override { return !handshake.query.empty(); }
  [[nodiscard]] std::optional<std::string> token_of(const Handshake& handshake) const override {
    return dialect::bearer(handshake.request);
  }
  [[nodiscard]] net::HttpResponse unauthenticated(std::string_view why) const override {
    return dialect::text_answer(401, why);
  }
  [[nodiscard]] std::string refusal(const Handshake& handshake) const override;
  [[nodiscard]] std::string refusal_of_token(std::string_view why) const override {
    return "bearer token is not found: " + std::string(why);
  }
  asio::awaitable<bool> begin(Talk& talk, Handshake handshake) const override;
  asio::awaitable<void> heard(Talk& talk, std::string_view text) const override;
  bool tell(Talk& talk, Telling& telling) const override;
};

std::string SocialMedia::refusal(const Handshake& handshake) const {
  if (handshake.request.header("Authorization") == nullptr) return "authorization header is not found";
  if (!dialect::bearer(handshake.request)) return "bearer token is not found";
  const auto client = handshake.asked("clientid");
  const auto email = handshake.asked("email");
  if (!client && !email) return "specified parameters are not found";
  if (!client || !number_of_client(*client)) return "clientid parameter is not found";
  return !email || email->empty() ? "email parameter is not found" : std::string{};
}

// The number is of a channel that the user is in, which he then hears alone; else his own, and he hears all.
asio::awaitable<bool> SocialMedia::begin(Talk& talk, Handshake handshake) const {
  if (lower(handshake.asked("email").value_or("")) != lower(talk.user().text))
    co_return turn_away(talk, "email parameter is not the token's");
  const auto number = *number_of_client(*handshake.asked("clientid"));
  const auto channel = co_await channel_of(talk.native(), number);
  if (!channel) co_return turn_away(talk, "channels can not be looked up: " + channel.error().detail());
  if (is_joined(*channel))
    talk.place_id = core::ChannelId::parse(text_in(*channel, "id")).value_or(core::ChannelId{});
  else if (number != core::number_of(talk.user()).value)
    co_return turn_away(talk, "clientid parameter is neither a channel that you are in nor your user id");
  co_return true;
}

asio::awaitable<void> SocialMedia::heard(Talk& talk, std::string_view text) const {
  const auto refused = [](const auto& refusal) { return net::make_frame(refusal.sentence()); };
  if (!co_await talk.afford(limit::Asks::Command, text.size(), refused)) co_return;
  const auto frame = dialect::parse_json(text).value_or(nullptr);
  if (text_in(frame, "event") != "onAck") co_return talk.say("event is not found"sv);
  const auto data = frame.find("data");
  if (data == frame.end() || !data->is_object()) co_return talk.say("data is not found"sv);
  co_await acknowledge(talk, *data);
}

bool SocialMedia::tell(Talk& talk, Telling& telling) const {
  const bool is_meant = talk.place_id == core::ChannelId{} || talk.place_id == telling.channel();
  if (!is_meant || telling.type() != "message_posted") return true;
  talk.say(telling.once("chat", [&] {
    const auto& message = telling.event()["message"];
    return Json{{"channelId", core::number_of(telling.channel()).value},
                {"text", text_in(message, "text")},
                {"createdAt", dialect::iso_of(dialect::number_in(message))}};
  }));
  if (!telling.is_delivered()) deliver(talk, telling);
  return true;
}

}  // namespace social_media

const Speech& social_media_speech() {
  static const social_media::SocialMedia speech;
  return speech;
}

}  // namespace parley::ingest::dialects
