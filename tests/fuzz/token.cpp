// Short texts that clients give back or write themselves: positions, times.
#include "codec/client_query.hpp"
#include "codec/position.hpp"
#include "codec/rfc3339.hpp"
#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  return {"p1-1f2e3d4c-17-123456", "p1-0-0-0, p1-ffffffffffffffff-4294967295-18446744073709551615", "2026-03-01T12:00:00.000Z",
          "1999-12-31t23:59:60.5+05:30"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto text = fuzz::view(data, size);
  if (const auto position = codec::Position::parse(text)) must_hold(position->text() == text, "a position has one text only");
  if (const auto positions = codec::parse_positions(text)) must_hold(!positions->empty(), "a list has something in it");
  if (const auto time = codec::parse_time(text))
    must_hold(codec::parse_time(codec::time_text(*time)) == time, "a time is the same after another round");
  const std::pair<std::string, std::string> pairs[] = {{"as_of", std::string(text)}, {"limit", std::string(text)}};
  static_cast<void>(codec::parse_page(pairs));
  return 0;
}
