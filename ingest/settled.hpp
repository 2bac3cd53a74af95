// A command to its outcome, for a coroutine that answers a request with it.
//
// Concurrency: the writer's shard.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <utility>

#include "ingest/writer.hpp"
#include "net/http.hpp"

namespace parley::ingest {

// What was sent, and what became of it. The writer must outlive the wait.
boost::asio::awaitable<std::pair<core::Command, Settled>> settled(Writer* writer, core::Command command);

net::HttpResponse response_of(const core::Command& command, const Settled& how, const std::string& trace_id);

}  // namespace parley::ingest
