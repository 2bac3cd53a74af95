// The query of a read, to every parser of queries. What is accepted is within its limits, and what is refused says why.
#include "codec/client_query.hpp"
#include "codec/json_reader.hpp"
#include "codec/problem.hpp"
#include "net/http.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace parley::fuzz {
namespace {

using namespace codec;

template <class Query>
void see(const Parsed<Query>& parsed) {
  if (!parsed) {
    const auto& wrong = parsed.error();
    const auto body = problem_json({.problem = wrong.code, .detail = wrong.detail, .trace_id = "t", .errors = wrong.errors});
    must_hold(read_json_object(body).has_value(), "a problem is JSON");
    return;
  }
  if constexpr (requires { parsed->limit; })
    must_hold(parsed->limit >= 1 && parsed->limit <= kMaxPage, "a page has its limits");
}

}  // namespace

std::vector<std::string> seeds() {
  return {"before=7&limit=50",
          "after=0&limit=1&reply_to=3",
          "around=9&as_of=p1-a-0-1%2Cp1-a-1-7",
          "as_of=2026-03-01T12%3A00%3A00.000Z&limit=200&after=bob",
          "unread=true&after=p.x&limit=2",
          "user=ann&channel=5e884898-da28-8151-80e5-6f8dc6292773&after=5e884898-da28-8151-80e5-6f8dc6292773",
          "q=hello+%22big%20world%22&author=ann&channel_id=x&before=2026-03-01T12:00:00Z&after=1999-12-31T00:00:00.5%2B01:00",
          "q=a&q=b",
          ""};
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::see;
  const auto pairs = net::parse_query(fuzz::view(data, size));
  if (!pairs) return 0;
  see(codec::parse_page(*pairs));
  see(codec::parse_list(*pairs));
  see(codec::parse_inbox(*pairs));
  see(codec::parse_events(*pairs));
  see(codec::parse_commands(*pairs));
  see(codec::parse_search(*pairs));
  see(codec::parse_deliveries(*pairs));
  see(codec::parse_number(*pairs));
  see(codec::parse_for_me(*pairs));
  fuzz::must_hold(codec::parse_no_query(*pairs).has_value() == pairs->empty(), "no parameters are none");
  return 0;
}
