// PageNow's chat API: its reads. See docs/compatibility.md, rows P.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::query_api::dialects {

const dialect::Dialect& pagenow_reads();

namespace pagenow {

// --- conversations.cpp
dialect::Answering direct_conversation(dialect::Call& call);
dialect::Answering conversations(dialect::Call& call);
dialect::Answering conversation(dialect::Call& call);
dialect::Answering participants(dialect::Call& call);
// --- messages.cpp
dialect::Answering messages(dialect::Call& call);

// The channel of a path's conversation, in which the caller is; else the answer that he gets.
using Found = std::expected<dialect::Json, net::HttpResponse>;
boost::asio::awaitable<Found> conversation_of(dialect::Call& call);

}  // namespace pagenow

}  // namespace parley::query_api::dialects
