// How workspaces, channels and messages look in Slack clone, and how their whole lists are read page by page.
//
// Concurrency: the shard of the Native that is read with. Limits: a list of members ends after kMaxMembers; a channel's history
// begins with the oldest of its newest kMaxMessages, or of those of its newest messages that have kMaxHistoryBytes together.
#pragma once

#include "dialect/slack_clone/answers.hpp"

namespace parley::dialect::slack_clone {

inline constexpr std::size_t kMaxMembers = 10'000;
inline constexpr std::size_t kMaxMessages = 10'000;
inline constexpr std::size_t kMaxHistoryBytes = 16 << 20;
inline constexpr std::size_t kPage = 200;  // the most that the public contract gives

// What is left of a whole answer.
struct Budget {
  std::size_t messages = kMaxMessages;
  std::size_t bytes = kMaxHistoryBytes;
};

// "1692724276.0693": of a field of the public contract's.
std::string seconds_in(const Json& object, std::string_view field);

// The e-mails of those in /v1/workspaces/{w} or /v1/channels/{c}, the first to come first.
boost::asio::awaitable<Or<Json>> members_of(Native& native, std::string thing);
// The messages of a channel as the public contract has them, oldest first: the newest that the budget allows, which is charged.
// A channel that is not there, or is not seen, is null.
boost::asio::awaitable<Or<Json>> history_of(Native& native, std::string_view channel, Budget& budget);

Json channel_message(const Json& native);                            // S-14
Json direct_message(const Json& native, std::string_view receiver);  // S-15
// A channel as S-10 has it: its members and messages are read.
boost::asio::awaitable<Or<Json>> channel_record(Native& native, const Json& channel, std::string_view workspace_name,
                                                Budget& budget);
// A workspace as S-04 has it. The budget is shared evenly by its channels.
boost::asio::awaitable<Or<Json>> workspace_record(Native& native, const Json& workspace);

}  // namespace parley::dialect::slack_clone
