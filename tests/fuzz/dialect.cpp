// What clients of other systems send: JSON whose keys keep their order, and times. What is read is the same after another
// round.
#include "codec/json_reader.hpp"
#include "dialect/json.hpp"
#include "dialect/times.hpp"
#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  return {R"({"type":"message","content":"hi \u00e4 👍","room":"lobby","data":{"b":[1,2.50,-3e7,null,true],"a":{}}})",
          R"(["a",{"z":1,"a":2}])",
          R"({"a":1,"a":2})",
          "2024-12-19T06:54:04.273Z",
          "2024-12-19T06:54:04.273123+05:30",
          "1969-12-31T23:59:59Z"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto text = fuzz::view(data, size);
  if (const auto json = dialect::parse_json(text)) {
    const auto again = dialect::parse_json(dialect::text_of(*json));
    must_hold(again && *again == *json, "JSON is the same after another round");
    static_cast<void>(dialect::text_in(*json, "type"));
    static_cast<void>(dialect::has_text(*json, "content"));
    static_cast<void>(dialect::ms_in(*json, "posted_at"));
  }
  if (const auto ms = dialect::ms_of_iso(text))
    must_hold(dialect::ms_of_iso(dialect::iso_of(*ms)) == ms, "a time is the same after another round");
  return 0;
}
