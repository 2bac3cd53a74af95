#include "dialect/social_media/places.hpp"

#include "core/ids.hpp"
#include "dialect/times.hpp"

namespace parley::dialect::social_media {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t kWindow = 200;  // seqs; the most that is asked for at once

std::string channel_path(const Json& channel) { return path_of("/v1/channels/{}", {text_in(channel, "id")}); }

void add_stages(const Json& deliveries, StagesBySeq& stages) {
  for (const auto& each : deliveries) stages[seq_of(each)] = {each["delivered_at"], each["read_at"]};
}

}  // namespace

bool is_joined(const Json& channel) { return channel.is_object() && channel.value("joined", false); }

asio::awaitable<std::expected<Json, Native::Reply>> channel_of(Native& native, std::uint64_t number) {
  Json best;
  if (number > core::kMaxIdNumber.value) co_return best;
  auto found = co_await native.get("/v1/channels?number=" + std::to_string(number));
  if (!found.ok()) co_return std::unexpected(std::move(found));
  for (auto& channel : found.body["channels"])
    if (best.is_null() || (is_joined(channel) && !is_joined(best))) best = std::move(channel);
  if (const auto& joinable = found.body["joinable"]; best.is_null() && !joinable.empty()) best = {{"id", joinable[0]}};
  co_return best;
}

asio::awaitable<Place> joined_channel(Call& call, std::uint64_t number) {
  auto channel = co_await channel_of(call.native, number);
  if (!channel) co_return std::unexpected(refused(call, channel.error()));
  if (!is_joined(*channel)) co_return std::unexpected(not_a_member(call, number));
  co_return std::move(*channel);
}

std::string messages_path(const Json& channel) { return channel_path(channel) + "/messages"; }

asio::awaitable<std::expected<Json, Native::Reply>> message_of(Native& native, const Json& channel, std::uint64_t number) {
  auto page = co_await native.get(messages_path(channel) + "?limit=1&since=" + std::to_string(number));
  if (!page.ok()) co_return std::unexpected(std::move(page));
  auto& messages = page.body["messages"];
  const bool is_there = !messages.empty() && number_in(messages[0]) == static_cast<std::int64_t>(number);
  co_return is_there ? std::move(messages[0]) : Json();
}

asio::awaitable<std::expected<StagesBySeq, net::HttpResponse>> stages_of(Call& call, const Json& channel,
                                                                         std::vector<std::uint64_t> seqs) {
  StagesBySeq stages;
  const auto path = channel_path(channel) + "/deliveries?limit=" + std::to_string(kWindow);
  for (std::uint64_t known = 0; const auto seq : seqs) {
    if (seq <= known) continue;
    known = std::min(seq + kWindow - 1, seqs.back());
    const auto page =
        co_await call.native.get(path + "&after=" + std::to_string(seq - 1) + "&before=" + std::to_string(known + 1));
    if (!page.ok()) co_return std::unexpected(refused(call, page));
    add_stages(page.body["deliveries"], stages);
  }
  co_return stages;
}

// If the read models can't be reached, the write is done all the same.
asio::awaitable<void> settle(Call& call, const Json& channel) { return call.native.settle(channel_path(channel)); }

}  // namespace parley::dialect::social_media
