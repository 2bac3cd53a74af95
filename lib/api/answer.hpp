// Answers as HTTP responses.
#pragma once

#include <string>
#include <string_view>

#include "codec/invalid_input.hpp"
#include "net/http.hpp"

namespace parley::api {

net::HttpResponse json(unsigned status, std::string body);
net::HttpResponse no_content();
// An RFC 9457 problem, of its own status if none is given; a Retry-After where trying again later helps.
net::HttpResponse problem(codec::Problem problem, std::string_view detail, std::string_view trace_id, unsigned status = 0);
net::HttpResponse problem(const codec::InvalidInput& input, std::string_view trace_id);

}  // namespace parley::api
