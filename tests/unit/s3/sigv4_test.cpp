#include "s3/sigv4.hpp"

#include <gtest/gtest.h>

namespace parley::s3 {
namespace {

// The examples that AWS publishes in the reference of S3's API: "Examples: Signature Calculations in AWS Signature Version 4"
// and "Authenticating Requests: Using Query Parameters".
const Credentials kExample{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr std::int64_t kExampleTime = 1'369'353'600'000;  // Fri, 24 May 2013 00:00:00 GMT
const std::string kEmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string sign(const Signable& request) {
  return signature(kExample, "us-east-1", amz_date(kExampleTime), canonical_request(request));
}
Pairs headers(Pairs more, const std::string& hash = kEmptyHash) {
  more.emplace_back("host", "examplebucket.s3.amazonaws.com");
  more.emplace_back("x-amz-content-sha256", hash);
  more.emplace_back("x-amz-date", "20130524T000000Z");
  return more;
}

TEST(SigV4, TheDateIsThatOfTheExamples) { EXPECT_EQ(amz_date(kExampleTime), "20130524T000000Z"); }

TEST(SigV4, SignsTheExampleOfGettingAnObject) {
  const Signable request{
      .method = "GET", .path = "/test.txt", .headers = headers({{"range", "bytes=0-9"}}), .payload_hash = kEmptyHash};
  EXPECT_EQ(canonical_request(request),
            "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
            "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
            "x-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sign(request), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(SigV4, SignsTheExampleOfPuttingAnObject) {
  const std::string hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
  const Signable request{
      .method = "PUT",
      .path = uri_encode("/test$file.text", true),
      .headers = headers({{"date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}, hash),
      .payload_hash = hash};
  EXPECT_EQ(sign(request), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(SigV4, SignsTheExampleOfAParameterWithoutAValue) {
  EXPECT_EQ(
      sign({.method = "GET", .path = "/", .query = {{"lifecycle", ""}}, .headers = headers({}), .payload_hash = kEmptyHash}),
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(SigV4, SignsTheExampleOfListingWhateverTheOrderOfParameters) {
  const std::string expected = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
  for (const auto& query : {Pairs{{"max-keys", "2"}, {"prefix", "J"}}, Pairs{{"prefix", "J"}, {"max-keys", "2"}}})
    EXPECT_EQ(sign({.method = "GET", .path = "/", .query = query, .headers = headers({}), .payload_hash = kEmptyHash}),
              expected);
}

TEST(SigV4, PresignsTheExample) {
  EXPECT_EQ(presigned_query({.method = "GET", .path = "/test.txt", .headers = {{"host", "examplebucket.s3.amazonaws.com"}}},
                            kExample, "us-east-1", kExampleTime, 86'400),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(SigV4, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(uri_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(uri_encode("a/b c+d%\"\r\n"), "a%2Fb%20c%2Bd%25%22%0D%0A");
  EXPECT_EQ(uri_encode("a/é", true), "a/%C3%A9");
}

}  // namespace
}  // namespace parley::s3
