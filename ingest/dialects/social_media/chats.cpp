// What is said, withdrawn for everybody, and removed for oneself.
#include <algorithm>

#include "dialect/social_media/form.hpp"
#include "dialect/social_media/places.hpp"
#include "ingest/dialects/social_media/writes.hpp"

namespace parley::ingest::dialects::social_media {

namespace asio = boost::asio;
using namespace dialect::social_media;
using dialect::Json;
using dialect::text_in;

namespace {

using Messages = std::vector<Json>;
enum class Missing : std::uint8_t { Refused, PassedOver };

// The error is the answer.
asio::awaitable<std::expected<Messages, net::HttpResponse>> messages_of(Call& call, const Json& channel,
                                                                        const std::vector<std::uint64_t>& chats, Missing how) {
  Messages messages;
  for (const auto chat : chats) {
    auto message = co_await message_of(call.native, channel, chat);
    if (!message) co_return std::unexpected(refused(call, message.error()));
    if (!message->is_null())
      messages.push_back(std::move(*message));
    else if (how == Missing::Refused)
      co_return std::unexpected(no_such_chat(call, chat));
  }
  co_return messages;
}

// Each in turn, until one is refused: none if all is well.
asio::awaitable<std::optional<net::HttpResponse>> remove_each(Call& call, const Json& channel, const Messages& messages,
                                                              const std::string& query) {
  for (const auto& message : messages) {
    const auto path = messages_path(channel) + "/" + std::to_string(seq_of(message)) + query;
    const auto removed = co_await call.native.remove(path);
    if (removed.status != 204) co_return refused(call, removed);
  }
  co_return std::nullopt;
}

Answering hide_all(Call& call, const Json& channel) {
  const auto last = channel["last_seq"].get<std::uint64_t>();
  if (last > 0) {
    const auto path = dialect::path_of("/v1/channels/{}/hidden", {text_in(channel, "id")});
    const auto hidden = co_await call.native.put(path, {{"seq", last}});
    if (hidden.status != 204) co_return refused(call, hidden);
  }
  co_await settle(call, channel);
  co_return net::HttpResponse{.status = 204};
}

}  // namespace

Answering post_chat(Call& call) {
  Form form(call, Form::Of::Body);
  const auto number = form.number("channelId");
  const auto text = form.text("text");
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  const auto posted = co_await call.native.post(messages_path(*channel), {{"text", text}});
  if (posted.status != 201) co_return refused(call, posted);
  co_await settle(call, *channel);
  co_return dialect::json_answer(201, chat_view(posted.body, number, {}));
}

// For the caller alone. What he has removed already, or what never was, is passed over.
Answering remove_chats(Call& call) {
  Form form(call, Form::Of::Body);
  const auto number = form.number("channelId");
  const bool is_all = form.flag("isAll");
  const auto chats = form.numbers("chatIds", !is_all);
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  if (is_all) co_return co_await hide_all(call, *channel);
  const auto messages = co_await messages_of(call, *channel, chats, Missing::PassedOver);
  if (!messages) co_return messages.error();
  if (auto refusal = co_await remove_each(call, *channel, *messages, "?scope=me")) co_return std::move(*refusal);
  co_await settle(call, *channel);
  co_return net::HttpResponse{.status = 204};
}

// For everybody. Others' messages first: where they may not be withdrawn, nothing has been when that is said.
Answering retract_chats(Call& call) {
  Form form(call, Form::Of::Body);
  const auto number = form.number("channelId");
  const auto chats = form.numbers("chatIds", true);
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  const auto channel = co_await joined_channel(call, number);
  if (!channel) co_return channel.error();
  auto messages = co_await messages_of(call, *channel, chats, Missing::Refused);
  if (!messages) co_return messages.error();
  std::ranges::partition(*messages, [&](const Json& message) { return text_in(message, "author") != call.native.user().text; });
  if (auto refusal = co_await remove_each(call, *channel, *messages, {})) co_return std::move(*refusal);
  co_await settle(call, *channel);
  co_return net::HttpResponse{.status = 204};
}

}  // namespace parley::ingest::dialects::social_media
