#include "dialect/native.hpp"

namespace parley::dialect {

namespace asio = boost::asio;

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

}  // namespace

// RFC 3986, section 2.
std::string query_part(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return encoded;
}

std::string path_of(std::string_view pattern, std::initializer_list<std::string_view> segments) {
  std::string path;
  const auto* segment = segments.begin();
  while (!pattern.empty()) {
    const auto hole = std::min(pattern.find("{}"), pattern.size());
    path += pattern.substr(0, hole);
    pattern.remove_prefix(hole);
    if (pattern.empty()) break;
    pattern.remove_prefix(2);
    path += query_part(*segment++);
  }
  return path;
}

Native Native::as(core::UserId user) const {
  auto other = *this;
  other.who_.user = std::move(user);
  other.who_.is_operator = false;
  return other;
}

Native Native::as_operator() const {
  auto other = *this;
  other.who_.is_operator = true;
  return other;
}

Native Native::in(runtime::TraceContext trace) const {
  auto other = *this;
  other.trace_ = std::move(trace);
  return other;
}

void Native::comes_from(const net::HttpRequest& request) {
  remote_ = request.remote;
  for (const auto& [name, value] : request.headers)
    if (net::same_header_name(name, "X-Forwarded-For")) forwarded_.emplace_back(name, value);
}

void Native::saw(const codec::Position& position) {
  auto& seen = seen_[position.partition];
  if (seen.next <= position.next) seen = position;
}

void Native::remember(const net::HttpResponse& response) {
  for (const auto& [name, value] : response.headers) {
    if (!net::same_header_name(name, "Parley-Position")) continue;
    for (const auto& position : codec::parse_positions(value).value_or(std::vector<codec::Position>{})) saw(position);
  }
}

asio::awaitable<net::HttpResponse> Native::send(std::string method, std::string target, std::string body, std::string key) {
  net::HttpRequest request{.method = std::move(method),
                           .target = std::move(target),
                           .headers = forwarded_,
                           .body = std::move(body),
                           .remote = remote_};
  if (!key.empty()) request.headers.emplace_back("Idempotency-Key", std::move(key));
  const bool reads = request.method == "GET";
  if (reads && !seen_.empty()) {
    std::string positions;
    for (const auto& [partition, position] : seen_) {
      if (!positions.empty()) positions.push_back(',');
      position.append_to(positions);
    }
    request.headers.emplace_back("Parley-Min-Position", std::move(positions));
  }
  auto response = co_await door_->dispatch(std::move(request), who_, trace_.child());
  if (!reads) remember(response);
  co_return response;
}

Native::Asked Native::call(std::string method, std::string target, std::string body, std::string key) {
  const auto response = co_await send(std::move(method), std::move(target), std::move(body), std::move(key));
  Reply reply{.status = response.status};
  if (!response.body.empty()) reply.body = parse_own(response.body);
  for (const auto& [name, value] : response.headers) {
    if (net::same_header_name(name, "Idempotency-Replayed")) reply.replayed = value == "true";
    if (net::same_header_name(name, "Retry-After")) reply.retry_after = value;
  }
  co_return reply;
}

asio::awaitable<void> Native::settle(std::string target) { (void)co_await send("GET", std::move(target), {}, {}); }

}  // namespace parley::dialect
