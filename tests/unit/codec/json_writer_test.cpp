#include "codec/json_writer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonDemandsAndNothingMore) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_of("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json_of(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(json_of("größe 👍 \u2028"), "\"größe 👍 \u2028\"");
}

TEST(JsonString, FindsAnEscapeAtEveryPlaceOfAWord) {
  for (std::size_t length = 1; length < 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const char c : {'"', '\\', '\n', '\x1f', ' ', '!', '#', '[', ']', '\x7f'}) {
        std::string text(length, 'x');
        text[at] = c;
        ASSERT_EQ(nlohmann::json::parse(json_of(text)).get<std::string>(), text);
      }
    }
  }
}

TEST(JsonString, EveryTextIsReadBack) {
  Generator any(2);
  for (int i = 0; i < 2'000; ++i) {
    const auto text = any.text(0, 200);
    ASSERT_EQ(nlohmann::json::parse(json_of(text)).get<std::string>(), text);
  }
}

TEST(JsonWriter, PutsCommasBetweenValuesAndMembers) {
  std::string out = "before ";
  JsonWriter json(out);
  json.begin_object();
  json.key("a").begin_array().number(1).number(0).number(18446744073709551615ULL).end_array();
  json.key("b").begin_object().end_object();
  json.key("c").boolean(true).key("d").boolean(false).key("e").null();
  json.key("f").string("x").key("g").raw("[2]").key("h").value([](std::string& o) { o += "3"; });
  json.key("i").begin_array().begin_object().key("k").null().end_object().begin_array().end_array().end_array();
  json.end_object();
  EXPECT_EQ(out, R"(before {"a":[1,0,18446744073709551615],"b":{},"c":true,"d":false,"e":null,"f":"x","g":[2],"h":3,)"
                 R"("i":[{"k":null},[]]})");
}

TEST(JsonWriter, WritesTimesAndIds) {
  std::string out;
  JsonWriter(out).begin_array().time({0}).uuid(core::Uuid{}).end_array();
  EXPECT_EQ(out, R"(["1970-01-01T00:00:00.000Z","00000000-0000-0000-0000-000000000000"])");
}

}  // namespace
}  // namespace parley::codec
