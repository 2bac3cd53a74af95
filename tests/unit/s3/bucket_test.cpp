#include "s3/bucket.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace parley::s3 {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::int64_t kNow = 1'767'225'600'123;

BucketOptions options(std::string endpoint, bool virtual_host = false) {
  return {.endpoint = std::move(endpoint),
          .region = "eu-central-1",
          .bucket = "uploads",
          .virtual_host = virtual_host,
          .credentials = {"ID", "SECRET"},
          .expires_s = 60};
}
std::string put(const BucketOptions& of, const std::string& type = "image/png", std::uint64_t size = 5) {
  return Bucket::make(of).value().put_link("c/r/a.png", {type, size}, kNow);
}

TEST(Bucket, ItsNameIsInThePathOrInTheHost) {
  EXPECT_THAT(put(options("https://s3.example.com")), StartsWith("https://s3.example.com/uploads/c/r/a.png?X-Amz-Algorithm="));
  EXPECT_THAT(put(options("https://s3.example.com", true)), StartsWith("https://uploads.s3.example.com/c/r/a.png?"));
  EXPECT_THAT(put(options("http://127.0.0.1:9000/")), StartsWith("http://127.0.0.1:9000/uploads/c/r/a.png?"));
}

TEST(Bucket, ThePortThatGoesWithoutSayingIsNotSaid) {
  EXPECT_EQ(put(options("https://s3.example.com:443")), put(options("https://s3.example.com")));
  EXPECT_EQ(put(options("http://s3.example.com:80")), put(options("http://s3.example.com")));
  EXPECT_THAT(put(options("http://s3.example.com:443")), StartsWith("http://s3.example.com:443/"));
}

TEST(Bucket, ALinkToPutIsForOneTypeAndOneSize) {
  const auto of = options("https://s3.example.com");
  EXPECT_THAT(put(of), HasSubstr("X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost"));
  EXPECT_NE(put(of), put(of, "image/gif"));
  EXPECT_NE(put(of), put(of, "image/png", 6));
  EXPECT_THAT(put(of), HasSubstr("X-Amz-Expires=60&"));
  EXPECT_EQ(Bucket::make(of).value().expiry_ms(kNow), 1'767'225'660'000);
}

TEST(Bucket, ALinkToPutMayLeaveTypeAndSizeOpenAndLastLonger) {
  const auto bucket = Bucket::make(options("https://s3.example.com")).value();
  const auto link = bucket.put_link("k", {.expires_s = 3600}, kNow);
  EXPECT_THAT(link, HasSubstr("X-Amz-SignedHeaders=host&"));
  EXPECT_THAT(link, HasSubstr("X-Amz-Expires=3600&"));
  EXPECT_EQ(bucket.expiry_ms(kNow, 3600), 1'767'229'200'000);
}

TEST(Bucket, NoLinkShowsTheSecret) { EXPECT_THAT(put(options("https://s3.example.com")), Not(HasSubstr("SECRET"))); }

TEST(Bucket, ALinkToGetSignsHowItIsToBeTaken) {
  const auto bucket = Bucket::make(options("https://s3.example.com")).value();
  const auto link = bucket.get_link("c/r/ä b.png", "attachment; filename=\"x\"", kNow);
  EXPECT_THAT(link, StartsWith("https://s3.example.com/uploads/c/r/%C3%A4%20b.png?"));
  EXPECT_THAT(link, HasSubstr("&response-content-disposition=attachment%3B%20filename%3D%22x%22&"));
}

TEST(Bucket, WhatIsNoEndpointIsRefused) {
  for (const auto* text : {"", "s3.example.com", "ftp://s3.example.com", "https://", "https:///", "https://a/b", "https://a?b",
                           "https://user@a", "https://a b", "https://a\r\nb"})
    EXPECT_FALSE(Bucket::make(options(text))) << text;
}

TEST(Bucket, WhatIsNoBucketIsRefused) {
  for (const auto* name : {"", "ab", "A-Bucket", "a/b", "a..b", "a b"}) {
    auto of = options("https://s3.example.com");
    of.bucket = name;
    EXPECT_FALSE(Bucket::make(of)) << name;
  }
}

TEST(Credentials, AreTwoLinesOfAFile) {
  const testing::TempDir dir;
  const auto load = [&](const std::string& text) {
    std::ofstream(dir.path() / "s3") << text;
    return load_credentials(dir.path() / "s3");
  };
  const auto loaded = load(" ID \r\nSECRET/+=\n\n");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->key_id, "ID");
  EXPECT_EQ(loaded->secret, "SECRET/+=");
  for (const auto* text : {"", "ID", "ID\n", "\nSECRET\n"}) EXPECT_FALSE(load(text)) << text;
  EXPECT_THAT(load_credentials(dir.path() / "none").error(), HasSubstr("can't read"));
}

}  // namespace
}  // namespace parley::s3
