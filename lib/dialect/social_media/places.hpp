// What a number stands for, as far as the caller may know it.
//
// Concurrency: the door's shard. Ownership: the call outlives the coroutine.
#pragma once

#include "dialect/social_media/failure.hpp"
#include "dialect/social_media/views.hpp"

namespace parley::dialect::social_media {

using Place = std::expected<Json, net::HttpResponse>;

// The channel of that number that the caller is in, as the public contract has it, else one that he sees, else the id alone of
// one that he may join; null: there is none. The error is what the public contract said.
boost::asio::awaitable<std::expected<Json, Native::Reply>> channel_of(Native& native, std::uint64_t number);
bool is_joined(const Json& channel);
// The channel that the caller is in; the error is the answer.
boost::asio::awaitable<Place> joined_channel(Call& call, std::uint64_t number);

std::string messages_path(const Json& channel);
// The message of that number in a channel; null: there is none, or the caller has hidden it.
boost::asio::awaitable<std::expected<Json, Native::Reply>> message_of(Native& native, const Json& channel,
                                                                      std::uint64_t number);
// Of these messages, which are in the order of their seqs. The error is the answer.
boost::asio::awaitable<std::expected<StagesBySeq, net::HttpResponse>> stages_of(Call& call, const Json& channel,
                                                                                std::vector<std::uint64_t> seqs);
// Waits until what has been written in a channel can be read.
boost::asio::awaitable<void> settle(Call& call, const Json& channel);

}  // namespace parley::dialect::social_media
