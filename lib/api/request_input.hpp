// What a request's query and its headers say, or what is wrong with them.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/client_input.hpp"
#include "net/http.hpp"

namespace parley::api {

using Query = std::vector<std::pair<std::string, std::string>>;  // decoded, in order

codec::Parsed<Query> query_of(const net::HttpRequest& request);
// Of a call that takes no parameters.
codec::Parsed<void> no_query(const net::HttpRequest& request);

// Of a header that says one thing: none where it is not there, an error where it stands twice.
codec::Parsed<std::optional<std::string>> only_header(const net::HttpRequest& request, std::string_view name);
// The Idempotency-Key; empty: there is none.
codec::Parsed<std::string> key_of(const net::HttpRequest& request);
// Of a header that is a list: all its lines, joined by commas (RFC 9110, 5.3).
std::optional<std::string> listed_header(const net::HttpRequest& request, std::string_view name);

}  // namespace parley::api
