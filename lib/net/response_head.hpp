// The head of an HTTP/1.1 response as bytes.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace parley::net {

std::string_view reason_phrase(unsigned status);

// "Sun, 06 Nov 1994 08:49:37 GMT", made at most once a second.
class DateText {
 public:
  std::string_view now();

 private:
  std::time_t second_ = 0;
  std::string text_;
};

struct ResponseOptions {
  bool keep_alive = true;
  bool http_1_0 = false;  // the request's version: keeping the connection has to be said
};

// Writes status line and headers, with the empty line at their end, to `out`. A header value never ends its line early: control
// characters in it become spaces.
void write_response_head(const HttpResponse& response, const ResponseOptions& options, std::string_view date, std::string& out);

}  // namespace parley::net
