// The query parameters of reads. An unknown parameter and a repeated one are `invalid_argument`.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "codec/client_input.hpp"
#include "codec/position.hpp"

namespace parley::codec {

using QueryPairs = std::span<const std::pair<std::string, std::string>>;

// A place in a channel's past; of several positions that of its partition counts.
using AsOf = std::variant<std::vector<Position>, core::TimeMs>;

// Of a channel's history.
struct PageQuery {
  // At most one of the five.
  std::optional<core::Seq> before;           // from 1 on
  std::optional<core::Seq> after;            // from 0 on: everything
  std::optional<core::Seq> around;           // from 1 on
  std::optional<core::MessageNumber> since;  // and this one; without as_of
  std::optional<core::MessageNumber> until;  // likewise
  std::uint32_t limit = kDefaultPage;
  std::optional<core::Seq> reply_to;
  std::optional<AsOf> as_of;
};
Parsed<PageQuery> parse_page(QueryPairs pairs);

// Of a list of members.
struct ListQuery {
  std::string after;  // what the page before said as `next`; empty: from the start
  std::uint32_t limit = kDefaultPage;
  std::optional<AsOf> as_of;
};
Parsed<ListQuery> parse_list(QueryPairs pairs);

// Of the inbox.
struct InboxQuery {
  std::optional<bool> unread;
  std::string after;
  std::uint32_t limit = kDefaultPage;
};
Parsed<InboxQuery> parse_inbox(QueryPairs pairs);

// Of a channel's events.
struct EventsQuery {
  core::Version after;
  std::uint32_t limit = kDefaultPage;
};
Parsed<EventsQuery> parse_events(QueryPairs pairs);

// Of when messages were first delivered and read: between the two, both exclusive.
struct DeliveriesQuery {
  std::optional<core::Seq> before;  // from 1 on
  std::optional<core::Seq> after;   // from 0 on
  std::uint32_t limit = kDefaultPage;
};
Parsed<DeliveriesQuery> parse_deliveries(QueryPairs pairs);

// Of the ledger.
struct CommandsQuery {
  std::optional<core::UserId> user;
  std::optional<core::ChannelId> channel;
  std::optional<core::CommandId> after;
  std::uint32_t limit = kDefaultPage;
};
Parsed<CommandsQuery> parse_commands(QueryPairs pairs);

// Of a search. In time: by when it was posted, then by channel and seq.
enum class SearchOrder : std::uint8_t { Relevance, Newest, Oldest };
struct SearchQuery {
  std::string text;
  std::optional<std::string> channel_id;  // as they stand: one that is malformed is not_found
  std::optional<std::string> author;
  std::optional<core::TimeMs> before;
  std::optional<core::TimeMs> after;
  std::string page;  // what the page before said as `next`; empty: from the start
  std::uint32_t limit = kDefaultPage;
  SearchOrder order = SearchOrder::Relevance;
  bool any = false;  // one of the words is enough
};
Parsed<SearchQuery> parse_search(QueryPairs pairs);

// Of a look-up by `number`, which must be given.
Parsed<core::IdNumber> parse_number(QueryPairs pairs);

// Of a message's deletion: for oneself alone, or for all.
Parsed<bool> parse_for_me(QueryPairs pairs);

// Of a call that takes no parameters.
Parsed<void> parse_no_query(QueryPairs pairs);

}  // namespace parley::codec
