#include <gmock/gmock.h>

#include "core/ids.hpp"
#include "dialect/social_media/failure.hpp"
#include "dialect/social_media/form.hpp"
#include "dialect/social_media/views.hpp"

namespace parley::dialect::social_media {
namespace {

using ::testing::Eq;
using ::testing::Optional;

constexpr std::int64_t kNow = 1'734'591'244'273;  // 2024-12-19T06:54:04.273Z
const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";

// --- numbers
TEST(Numbers, AreDigitsAloneAndExactInAClientsIntegers) {
  EXPECT_THAT(parse_number("0"), Optional(0U));
  EXPECT_THAT(parse_number("9007199254740991"), Optional(9'007'199'254'740'991U));
  for (const auto* text : {"", "9007199254740992", "18446744073709551616", "-1", "+1", "1.0", "1e3", " 1", "1 ", "0x1", "١"})
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

// --- views
const Json kMessage = {
    {"seq", 7},       {"author", "ada@example.org"}, {"text", "hi"},      {"posted_at", "2024-12-19T06:54:04.000Z"},
    {"number", kNow}, {"edited_at", nullptr},        {"retracted", false}};

TEST(AChat, IsNamedByTheTimeThatItsNumberIs) {
  const auto chat = chat_view(kMessage, 5, {});
  EXPECT_EQ(text_of(chat), R"({"id":1734591244273,"channelId":5,"senderId":2639172286739309,"text":"hi","ignoredUserIds":[],)"
                           R"("isRetract":false,"createdAt":"2024-12-19T06:54:04.273Z","updatedAt":null,)"
                           R"("publishAt":"2024-12-19T06:54:04.273Z","deliveredAt":null,"ackedAt":null})");
}

TEST(AChat, WasUpdatedWhenItWasEditedOrWithdrawn) {
  auto message = kMessage;
  message["edited_at"] = "2024-12-19T06:54:05.000Z";
  EXPECT_EQ(chat_view(message, 5, {})["updatedAt"], "2024-12-19T06:54:05.000Z");
  message["retracted"] = true;
  EXPECT_EQ(chat_view(message, 5, {})["updatedAt"], nullptr) << "of old messages nobody knows when";
  message["retracted_at"] = "2024-12-19T06:54:06.000Z";
  EXPECT_EQ(chat_view(message, 5, {})["updatedAt"], "2024-12-19T06:54:06.000Z");
}

TEST(AChannel, ThatWasMadeNativelyHasWhatItCanHave) {
  const Json channel = {
      {"name", "general"}, {"number", 5}, {"created_at", "2024-12-19T06:54:04.273Z"}, {"metadata", Json::object()}};
  constexpr auto* kShown =
      R"({"id":5,"displayName":"general","avatarPath":null,"createdAt":"2024-12-19T06:54:04.273Z","updatedAt":null})";
  EXPECT_EQ(text_of(channel_view(channel)), kShown);
  for (const Json& ours : {Json(7), Json("x"), Json::array(), Json{{"avatarPath", 7}}, Json{{"avatarPath", nullptr}}}) {
    auto strange = channel;
    strange["metadata"] = {{"social_media", ours}};
    EXPECT_EQ(text_of(channel_view(strange)), kShown) << ours;
  }
}

TEST(AUser, WithoutAnAccountIsNormal) {
  const Json user = {{"id", "ada@example.org"}, {"name", "Ada"}, {"created_at", nullptr}};
  EXPECT_EQ(
      text_of(user_view(user, nullptr)),
      R"({"id":2639172286739309,"email":"ada@example.org","name":"Ada","enabled":true,"role":"NORMAL","createdAt":null})");
  EXPECT_EQ(user_view(user, {{"enabled", true}, {"role", "OFFICIAL"}})["role"], "OFFICIAL");
}

// --- failures
TEST(AFailure, HasItsKeysInOrderAndNothingElse) {
  const runtime::ManualClock clock{kNow};
  const net::HttpRequest request;
  const auto response = denied({401, "a token is needed", request, kTrace, clock});
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(response.body,
            R"({"name":"AUTH_NOT_AUTHENTICATED","clientMessage":"a token is needed",)"
            R"("traceId":"0af76519-16cd-43dd-8448-eb211c80319c","timestamp":"19/12/2024 06:54:04","metadata":{}})");
}

TEST(AFailure, IsTracedByWhatTheClientCallsHisRequest) {
  const runtime::ManualClock clock{kNow};
  const net::HttpRequest request{.body = R"({"requestId":"r-1"})"};
  EXPECT_EQ((*parse_json(denied({429, "", request, kTrace, clock}).body))["traceId"], "r-1");
  const net::HttpRequest strange{.body = R"({"requestId":7})"};
  EXPECT_EQ((*parse_json(denied({429, "", strange, kTrace, clock}).body))["name"], "TOO_MANY_REQUESTS");
}

// --- forms
class Forms : public ::testing::Test {
 protected:
  Call call(const std::string& body) {
    return {.request = {},
            .params = {},
            .query = {{"page", "2"}, {"size", ""}, {"page", "3"}},
            .body = parse_json(body).value_or(nullptr),
            .native = {door_, auth::Identity{.user = {"ada"}}, runtime::TraceContext::make()},
            .trace_id = kTrace,
            .clock = clock_};
  }
  static Json refusal_of(const Form& form) { return *parse_json(form.refusal().value().body); }

  runtime::ManualClock clock_{kNow};
  runtime::Metrics metrics_;
  auth::Verifier verifier_{{.secret = "a secret that is long enough"}};
  std::atomic<bool> open_ = true;
  api::Door door_{{}, verifier_, clock_, metrics_, open_};
};

TEST_F(Forms, GiveWhatIsThere) {
  const auto given = call(R"({"a":7,"b":"text","c":null,"d":[1,2],"e":true,"f":"UP"})");
  Form form(given, Form::Of::Body);
  constexpr std::string_view kChoices[] = {"UP", "DOWN"};
  EXPECT_EQ(form.number("a"), 7U);
  EXPECT_EQ(form.text("b"), "text");
  EXPECT_EQ(form.optional_text("c"), std::nullopt);
  EXPECT_EQ(form.numbers("d", true), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(form.flag("e"));
  EXPECT_EQ(form.one_of("f", kChoices, true), "UP");
  EXPECT_EQ(form.number_between("g", 1, 9, 5), 5U);
  EXPECT_FALSE(form.refusal());
}

TEST_F(Forms, SayAllThatIsWrongAtOnce) {
  const auto given = call(R"({"a":"7","b":7,"d":[1,"2"],"e":"yes"})");
  Form form(given, Form::Of::Body);
  form.number("a"), form.text("b"), form.numbers("d", true), form.flag("e"), form.text("f");
  const auto refusal = refusal_of(form);
  EXPECT_EQ(refusal["name"], "PARAMETER_INVALID");
  EXPECT_EQ(text_of(refusal["metadata"]),
            R"({"context":"body","errors":[{"property":"a","message":["a must be an integer number"]},)"
            R"({"property":"b","message":["b must be a string"]},)"
            R"({"property":"d","message":["d must be an array of integer numbers"]},)"
            R"({"property":"e","message":["e must be a boolean value"]},{"property":"f","message":["f must be a string"]}]})");
}

TEST_F(Forms, TellWhatIsOutOfRangeFromWhatIsNone) {
  for (const auto* number : {"-1", "9007199254740992", "18446744073709551615"}) {
    const auto given = call(std::string(R"({"a":)") + number + "}");
    Form form(given, Form::Of::Body);
    form.number("a");
    EXPECT_EQ(refusal_of(form)["name"], "PARAMETER_OUT_OF_RANGE") << number;
  }
  const auto given = call("{}");
  Form form(given, Form::Of::Query);
  form.number_between("page", 3, 9, 5);
  EXPECT_EQ(refusal_of(form)["name"], "PARAMETER_OUT_OF_RANGE");
}

TEST_F(Forms, OfAQueryReadNumbersInTexts) {
  const auto given = call("{}");
  Form form(given, Form::Of::Query);
  EXPECT_EQ(form.number("page"), 2U);
  EXPECT_EQ(form.optional_number("size"), std::nullopt);
  EXPECT_FALSE(form.refusal());
}

TEST_F(Forms, OfWhatIsNoObjectSayThatAlone) {
  for (const auto* body : {"", "[]", "7", R"({"a":1,"a":2})"}) {
    const auto given = call(body);
    Form form(given, Form::Of::Body);
    form.number("a"), form.numbers("b", true), form.flag("c");
    EXPECT_EQ(text_of(refusal_of(form)["metadata"]["errors"]),
              R"([{"property":"body","message":["body must be a JSON object"]}])");
  }
}

}  // namespace
}  // namespace parley::dialect::social_media
