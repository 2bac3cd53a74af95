#include "codec/json_reader.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "codec/json_writer.hpp"
#include "codec/limits.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

using Kind = JsonValue::Kind;

JsonFlaw flaw_of(std::string_view text) {
  const auto object = read_json_object(text);
  EXPECT_FALSE(object) << text;
  return object ? JsonFlaw{} : object.error().flaw;
}

std::string nested(std::size_t depth) { return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}"; }

TEST(JsonReader, KeepsMembersInOrderAndWhatIsDeeperAsCompactJson) {
  const auto object = read_json_object(R"( { "s" : "a\"\u00e4\ud83d\udc4d" , "n":-1.50e+2,"t":true,"f":false,"z":null,
      "a": [ 1 , {"x" : [ ] , "y":{ "z" : "q\n" } } , "b" ] , "o":{"k":1,"l":[2,3]}, "":0 } )");
  ASSERT_TRUE(object);
  const auto& m = object->members;
  ASSERT_EQ(m.size(), 8U);
  const auto expect = [&m](std::size_t i, std::string_view name, Kind kind, std::string_view text) {
    EXPECT_EQ(m[i].name, name);
    EXPECT_EQ(m[i].value.kind, kind);
    EXPECT_EQ(m[i].value.text, text);
  };
  expect(0, "s", Kind::String, "a\"ä👍");
  expect(1, "n", Kind::Number, "-1.50e+2");
  expect(2, "t", Kind::Boolean, "true");
  expect(3, "f", Kind::Boolean, "false");
  expect(4, "z", Kind::Null, "null");
  expect(5, "a", Kind::Array, R"([1,{"x":[],"y":{"z":"q\n"}},"b"])");
  expect(6, "o", Kind::Object, R"({"k":1,"l":[2,3]})");
  expect(7, "", Kind::Number, "0");
  EXPECT_FALSE(object->name_twice);
}

TEST(JsonReader, KeepsNumbersAsTheyWereWritten) {
  for (const auto* number : {"0", "-0", "1", "-1", "1.0", "1e5", "1E-5", "0.10", "123456789012345678901234567890",
                             "9223372036854775807", "18446744073709551615", "1.7976931348623157e308", "5e-324", "1e-400"}) {
    const auto object = read_json_object(std::string(R"({"n":)") + number + "}");
    ASSERT_TRUE(object) << number;
    EXPECT_EQ(object->members[0].value.text, number);
  }
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,
                          " "sv,
                          "{"sv,
                          "}"sv,
                          "{}}"sv,
                          "{} x"sv,
                          "{}{}"sv,
                          "{a:1}"sv,
                          "{'a':1}"sv,
                          R"({"a"})"sv,
                          R"({"a":})"sv,
                          R"({"a":1,})"sv,
                          R"({,"a":1})"sv,
                          R"({"a" 1})"sv,
                          R"({"a":1 "b":2})"sv,
                          R"({"a":[1,]})"sv,
                          R"({"a":NaN})"sv,
                          R"({"a":Infinity})"sv,
                          R"({"a":-Infinity})"sv,
                          R"({"a":01})"sv,
                          R"({"a":+1})"sv,
                          R"({"a":.5})"sv,
                          R"({"a":1.})"sv,
                          R"({"a":1e})"sv,
                          R"({"a":0x1})"sv,
                          R"({"a":True})"sv,
                          R"({"a":nul})"sv,
                          R"({"a":"\x"})"sv,
                          R"({"a":"\u12"})"sv,
                          R"({"a":"\ud800"})"sv,
                          R"({"a":"\udc00"})"sv,
                          R"({"a":"\ud800\ud800"})"sv,
                          R"({"a":"\ud800x"})"sv,
                          "{\"a\":\"\n\"}"sv,
                          "{\"a\":\"\0\"}"sv,
                          "{\"a\":\"\x1f\"}"sv,
                          "{}\0"sv,
                          "\0{}"sv,
                          "{\"a\":\"x"sv,
                          "\xef\xbb\xbf{}"sv,
                          "{\"a\":\"\xff\"}"sv,
                          "{\"a\":\"\xc0\xaf\"}"sv,
                          "{\"a\":\"\xed\xa0\x80\"}"sv,
                          "{\"a\":\"\xf4\x90\x80\x80\"}"sv,
                          "{\"a\":\"\xc3\"}"sv,
                          "{\"\xff\":1}"sv,
                          "/**/{}"sv,
                          "{}//x"sv,
                          "{\"a\":1\xc2\xa0}"sv})
    EXPECT_EQ(flaw_of(text), JsonFlaw::NotJson) << text;
}

TEST(JsonReader, TellsJsonThatIsNoObjectFromWhatIsNoJson) {
  for (const auto* text : {"[]", "[{}]", "1", "\"x\"", "true", "null", " [1, 2] "})
    EXPECT_EQ(flaw_of(text), JsonFlaw::NotAnObject) << text;
}

TEST(JsonReader, GoesInAMemberAsDeepAsTheLimitAndNoDeeper) {
  EXPECT_TRUE(read_json_object(nested(kMaxJsonDepth + 1)));
  EXPECT_EQ(flaw_of(nested(kMaxJsonDepth + 2)), JsonFlaw::TooDeep);
  EXPECT_EQ(read_json_object(R"({"x":1,"y":)" + nested(kMaxJsonDepth + 1) + "}").error().in, "y");
  EXPECT_EQ(flaw_of(nested(100'000)), JsonFlaw::TooDeep);
  EXPECT_EQ(flaw_of(std::string(1'000'000, '[')), JsonFlaw::TooDeep);
}

TEST(JsonReader, SaysInWhichMemberANumberIsTooLarge) {
  for (const auto& number :
       {std::string("1e309"), std::string("-1e309"), std::string(400, '9'), std::string("1e99999999999")}) {
    const auto object = read_json_object(R"({"x":0,"y":{"z":[)" + number + "]}}");
    ASSERT_FALSE(object) << number;
    EXPECT_EQ(object.error().flaw, JsonFlaw::NumberTooLarge) << number;
    EXPECT_EQ(object.error().in, "y") << number;
  }
}

TEST(JsonReader, NoticesANameThatStandsTwiceAtAnyDepth) {
  for (const auto* text : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"\u0061":3})", R"({"x":{"a":1,"b":[],"a":2}})",
                           R"({"x":[0,{"y":{"a":{},"a":{}}}]})"}) {
    const auto object = read_json_object(text);
    ASSERT_TRUE(object) << text;
    ASSERT_TRUE(object->name_twice) << text;
    EXPECT_EQ(object->name_twice->name, "a") << text;
    EXPECT_EQ(object->name_twice->in, object->members.front().name == "x" ? "x" : "") << text;
  }
  const auto apart = read_json_object(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})");
  ASSERT_TRUE(apart);
  EXPECT_FALSE(apart->name_twice);
}

TEST(JsonReader, ManyNamesTakeNoQuadraticTime) {
  std::string text = R"({"x":{)";
  for (int i = 0; i < 200'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  text += R"("7":0}})";
  const auto object = read_json_object(text);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->name_twice->name, "7");
}

TEST(JsonReader, ReadsTheElementsOfAnArray) {
  const auto elements = read_json_array(R"(["a",{"b":[1]},[2],3,null])");
  ASSERT_TRUE(elements);
  ASSERT_EQ(elements->size(), 5U);
  EXPECT_EQ((*elements)[0].text, "a");
  EXPECT_EQ((*elements)[1].text, R"({"b":[1]})");
  EXPECT_EQ((*elements)[2].kind, Kind::Array);
  EXPECT_FALSE(read_json_array("{}"));
  EXPECT_FALSE(read_json_array("[1"));
  EXPECT_TRUE(read_json_array("[]")->empty());
}

TEST(JsonReader, KnowsCompactJson) {
  EXPECT_TRUE(is_compact_json(R"([{"a":1.50},"ä"])", Kind::Array));
  EXPECT_TRUE(is_compact_json(R"({"a":{"b":[]}})", Kind::Object));
  EXPECT_TRUE(is_compact_json("{}", Kind::Object));
  for (const auto* text : {"", "[", "[ ]", "[1, 2]", "[1] ", "{}", R"(["\u00e4"])", R"([{"a":1,"a":2}])", "\n[]", "1"})
    EXPECT_FALSE(is_compact_json(text, Kind::Array)) << text;
}

TEST(PlainInteger, HasDigitsAloneAndIsInRange) {
  EXPECT_EQ(plain_integer("1", 1, kMaxNumber), 1U);
  EXPECT_EQ(plain_integer("0", 0, 9), 0U);
  EXPECT_EQ(plain_integer("9007199254740991", 1, kMaxNumber), kMaxNumber);
  for (const auto* text :
       {"0", "-1", "-0", "+1", "01", "1.0", "1e0", "9007199254740992", "18446744073709551616", "", " 1", "1 "})
    EXPECT_FALSE(plain_integer(text, 1, kMaxNumber)) << text;
}

// What a document is worth to another reader.
std::string read_as_a_whole(std::string_view text) {
  const auto object = read_json_object(text);
  if (!object) return "refused";
  nlohmann::json out = nlohmann::json::object();
  for (const auto& [name, value] : object->members)
    out[name] = value.kind == Kind::String ? nlohmann::json(value.text) : nlohmann::json::parse(value.text);
  return out.dump();
}

nlohmann::json any_json(Generator& any, int depth) {
  switch (any.below(depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return any.flip();
    case 2:
      return any.number() >> any.below(64);
    case 3:
      return static_cast<double>(any.number()) / 1e7;
    case 4:
      return any.text(0, 30);
    case 5: {
      auto out = nlohmann::json::array();
      for (auto n = any.below(4); n > 0; --n) out.push_back(any_json(any, depth - 1));
      return out;
    }
    default: {
      auto out = nlohmann::json::object();
      for (auto n = any.below(4); n > 0; --n) out[any.text(0, 10)] = any_json(any, depth - 1);
      return out;
    }
  }
}

TEST(JsonReader, ReadsWhatAnotherReaderReads) {
  Generator any(3);
  for (int i = 0; i < 2'000; ++i) {
    auto document = nlohmann::json::object();
    for (auto n = any.below(5); n > 0; --n) document[any.text(0, 10)] = any_json(any, 4);
    for (const int indent : {-1, 1}) ASSERT_EQ(read_as_a_whole(document.dump(indent)), document.dump());
    ASSERT_EQ(read_as_a_whole(document.dump(-1, ' ', true)), document.dump());  // everything but ASCII escaped
  }
}

TEST(JsonReader, RefusesWhatAnotherReaderRefusesWhenBytesAreChanged) {
  Generator any(4);
  for (int i = 0; i < 20'000; ++i) {
    auto text = any_json(any, 3).dump();
    text = R"({"a":)" + text + "}";
    for (auto n = 1 + any.below(3); n > 0; --n) text[any.below(text.size())] = static_cast<char>(any.below(256));
    const auto object = read_json_object(text);
    const auto other = nlohmann::json::parse(text, nullptr, false);
    ASSERT_EQ(object.has_value(), other.is_object()) << text;
  }
}

}  // namespace
}  // namespace parley::codec
