// Targets of HTTP requests: absolute form, percent-encoding and query strings.
#include "core/ids.hpp"
#include "net/http.hpp"
#include "net/request_target.hpp"
#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  return {"ada%40example.org",  "a%2Fb%25",       "%F0%9F%91%8D",    "before=7&limit=50",
          "q=a+b%20c&q=&=x&&x", "a=%C3%A4&b=%00", "http://a:81/b?c", "https://u@a"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto text = fuzz::view(data, size);
  net::HttpRequest request{.target = std::string(text), .headers = {{"Host", "x"}}};
  if (net::to_origin_form(request)) {
    must_hold(request.target == text || request.target.starts_with('/'), "a target becomes a path, or stays");
    must_hold(request.headers.size() == 1 && !request.headers.front().second.empty(), "there is one host");
  }
  if (const auto decoded = net::percent_decode(text)) {
    must_hold(decoded->size() <= text.size(), "decoding makes nothing longer");
    must_hold(core::is_utf8(*decoded), "what is decoded is UTF-8");
  }
  if (const auto pairs = net::parse_query(text)) {
    for (const auto& [name, value] : *pairs) must_hold(core::is_utf8(name) && core::is_utf8(value), "pairs are UTF-8");
  }
  return 0;
}
