// Where a request comes from: X-Forwarded-For as a trusted proxy hands it on, and the options that name proxies and rates.
#include "net/client_address.hpp"

#include "limit/rate.hpp"
#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  return {
      "192.0.2.1, 10.0.0.7", "2001:db8::1,::ffff:10.1.2.3 ,,", "10.0.0.0/8", "fd00::/9", "unknown, [::1]:80", "20/100", "off"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto text = fuzz::view(data, size);
  static const auto proxies = net::TrustedProxies::parse({"10.0.0.0/8"}).value();
  const net::HttpRequest request{
      .method = "GET", .target = "/", .headers = {{"X-Forwarded-For", std::string(text)}}, .remote = "10.0.0.1"};
  const auto client = proxies.client_of(request);
  must_hold(!client.empty() && client.size() <= 45, "a client has the name of an address");
  must_hold(client.find_first_not_of("0123456789abcdef.:/") == std::string::npos, "and of nothing else");
  if (const auto parsed = net::TrustedProxies::parse({std::string(text)})) static_cast<void>(parsed->client_of(request));
  if (const auto rate = limit::Rate::parse(text))
    must_hold(rate->is_off() ? text == "off" : rate->burst > 0 && rate->burst <= limit::Rate::kMost, "a rate is off or whole");
  return 0;
}
