#include "query-api/upload_desk.hpp"

#include <gmock/gmock.h>

namespace parley::query_api {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr const char* kChannel = "01234567-89ab-8def-8123-456789abcdef";
const std::string kRandom(32, 'a');

class UploadDeskTest : public ::testing::Test {
 protected:
  // What is wrong with an upload of this type and size; empty: nothing.
  std::string wrong(const std::string& type, const std::string& size) {
    const auto parsed = desk_.parse(R"({"channel_id":")" + std::string(kChannel) + R"(","name":"x","content_type":")" + type +
                                    R"(","size":)" + size + "}");
    return parsed ? "" : parsed.error().detail;
  }

  runtime::ManualClock clock_{1'767'225'600'000};
  runtime::Metrics metrics_;
  UploadDesk desk_{s3::Bucket::make({.endpoint = "https://s3.example.com",
                                     .region = "us-east-1",
                                     .bucket = "uploads",
                                     .credentials = {"ID", "SECRET"},
                                     .expires_s = 60})
                       .value(),
                   {.max_bytes = 1000, .types = {"image/*", "application/pdf"}},
                   clock_,
                   metrics_};
};

TEST_F(UploadDeskTest, TypesAndSizesAreLimited) {
  EXPECT_EQ(wrong("image/png", "1"), "");
  EXPECT_EQ(wrong("application/pdf", "1000"), "");
  EXPECT_THAT(wrong("application/pdf2", "1"), HasSubstr("not allowed"));
  EXPECT_THAT(wrong("imagex/png", "1"), HasSubstr("not allowed"));
  EXPECT_THAT(wrong("text/html", "1"), HasSubstr("not allowed"));
  for (const auto* size : {"0", "1001", "-1", "1.5", "\"1\"", "null", "1e2"})
    EXPECT_THAT(wrong("image/png", size), HasSubstr("size"));
  for (const auto* type :
       {"", "image", "image/", "/png", "image/*", "*/*", "Image/PNG", "image/png; charset=x", "image/p\\r\\nng", "image/png "})
    EXPECT_THAT(wrong(type, "1"), HasSubstr("content_type")) << type;
}

TEST_F(UploadDeskTest, EachUploadHasAKeyOfItsOwnThatNamesItsChannel) {
  const codec::UploadRequest request{
      .channel = *core::ChannelId::parse(kChannel), .name = "a b.png", .content_type = "image/png", .size = 5};
  const auto one = desk_.put(request, {"ada"});
  EXPECT_NE(one, desk_.put(request, {"ada"}));
  EXPECT_THAT(
      one,
      MatchesRegex("\\{\"key\":\"" + std::string(kChannel) +
                   "/[0-9a-f]{32}/a_b.png\",\"method\":\"PUT\",\"url\":\"https://s3.example.com/uploads/" + kChannel +
                   "/[0-9a-f]{32}/a_b.png.X-Amz-.*\",\"headers\":\\{\"Content-Type\":\"image/png\",\"Content-Length\":\"5\"\\},"
                   "\"expires_at\":\"2026-01-01T00:01:00.000Z\"\\}"));
}

TEST_F(UploadDeskTest, AnUploadOfOnesOwnHasAKeyThatNamesTheUserAndTheDay) {
  const auto parsed = desk_.parse(R"({"name":"me.png","content_type":"image/png"})");
  ASSERT_TRUE(parsed);
  const std::string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  EXPECT_THAT(desk_.put(*parsed, {"ada"}),
              MatchesRegex("\\{\"key\":\"temp/usrs/1454617775366236/files/2026/01/01/" + uuid +
                           "\\.png\",\"method\":\"PUT\",\"url\":\"https://s3.example.com/uploads/temp/usrs/.*\","
                           "\"headers\":\\{\"Content-Type\":\"image/png\"\\},\"expires_at\":\"2026-01-01T01:00:00.000Z\"\\}"));
  for (const auto* name : {"me", "me.", ".png", "me.p-g", "me.12345678901234567"})
    EXPECT_THAT(desk_.put({.name = name}, {"ada"}), MatchesRegex(".*/01/01/" + uuid + "\",.*")) << name;
}

TEST_F(UploadDeskTest, AnUploadOfOnesOwnNeedsATypeWhereNotAllAreAllowed) {
  EXPECT_FALSE(desk_.parse(R"({"name":"me.png"})"));
  EXPECT_FALSE(desk_.parse(R"({"name":"me.html","content_type":"text/html"})"));
  EXPECT_FALSE(desk_.parse(R"({"name":"me.png","content_type":"image/png","size":1001})"));
  EXPECT_FALSE(desk_.parse(R"({"name":"me.png","content_type":"image/png","channel_id":null,"size":1})"));
}

TEST_F(UploadDeskTest, OnlyWhatCouldHaveBeenMadeHereIsAKey) {
  const auto key = UploadKey::parse(kChannel, kRandom, "a_b.png");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->text(), std::string(kChannel) + "/" + kRandom + "/a_b.png");
  EXPECT_FALSE(UploadKey::parse("01234567-89AB-8def-8123-456789abcdef", kRandom, "a"));
  EXPECT_FALSE(UploadKey::parse("nonsense", kRandom, "a"));
  EXPECT_FALSE(UploadKey::parse(kChannel, kRandom + "a", "a"));
  EXPECT_FALSE(UploadKey::parse(kChannel, std::string(32, 'A'), "a"));
  for (const auto* name : {"", ".", "..", "a/b", "../x", "a b", "a\r\nb"})
    EXPECT_FALSE(UploadKey::parse(kChannel, kRandom, name)) << name;
}

TEST_F(UploadDeskTest, LinksAreCounted) {
  desk_.get(*UploadKey::parse(kChannel, kRandom, "a"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_upload_links_total{method=\"get\"} 1\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_upload_links_total{method=\"put\"} 0\n"));
}

}  // namespace
}  // namespace parley::query_api
