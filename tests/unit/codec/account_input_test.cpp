#include "codec/account_input.hpp"

#include <gmock/gmock.h>

#include "tests/unit/codec/wrong_input.hpp"

namespace parley::codec {
namespace {

std::string body(const std::string& email, const std::string& password = "correct horse", const std::string& more = "") {
  return R"({"email":")" + email + R"(","password":")" + password + "\"" + more + "}";
}

TEST(AccountInput, AnAccountIsNormalUnlessItSaysWhat) {
  const auto plain = parse_create_account(body("ada@example.org", "correct horse", R"(,"name":"Ada")"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->credentials.user, core::UserId{"ada@example.org"});
  EXPECT_EQ(plain->credentials.password, "correct horse");
  EXPECT_EQ(plain->name, "Ada");
  EXPECT_EQ(plain->role, "NORMAL");
  EXPECT_EQ(parse_create_account(body("a@b", "correct horse", R"(,"name":"Ada","role":"SITE_ADMIN")"))->role, "SITE_ADMIN");
}

TEST(AccountInput, AnAddressIsTakenInLowerCase) {
  EXPECT_EQ(parse_credentials(body("Ada.Lovelace+X@Example.ORG"))->user, core::UserId{"ada.lovelace+x@example.org"});
}

TEST(AccountInput, AddressesThatAreSound) {
  for (const std::string& email : {std::string("a@b"), std::string("a.b@c-d.e.f"), std::string("!#$%&'*+-=?^_`{|}~@x"),
                                   std::string("1@127.0.0.1"), std::string(64, 'a') + "@" + std::string(63, 'b')})
    EXPECT_TRUE(parse_credentials(body(email))) << email;
}

TEST(AccountInput, AddressesThatAreNone) {
  for (const std::string& email : {std::string(),
                                   std::string("a"),
                                   std::string("@"),
                                   std::string("a@"),
                                   std::string("@b"),
                                   std::string("a b@c"),
                                   std::string("a@b c"),
                                   std::string(".a@b"),
                                   std::string("a.@b"),
                                   std::string("a..b@c"),
                                   std::string("a@.b"),
                                   std::string("a@b."),
                                   std::string("a@b..c"),
                                   std::string("a@-b"),
                                   std::string("a@b-"),
                                   std::string("a@b-.c"),
                                   std::string("a@b_c"),
                                   std::string("a@b@c"),
                                   std::string("a/b@c"),
                                   std::string("a@b/c"),
                                   std::string("a\\n@b"),
                                   std::string("a@b\\u0000"),
                                   std::string("\\\"a\\\"@b"),
                                   std::string("<a@b>"),
                                   std::string("a@[127.0.0.1]"),
                                   std::string("ä@b"),
                                   std::string("a@bücher.example"),
                                   std::string(65, 'a') + "@b",
                                   "a@" + std::string(127, 'b'),
                                   std::string(100'000, 'a') + "@b"})
    EXPECT_THAT(parse_credentials(body(email)), WrongField("email")) << email;
}

TEST(AccountInput, APasswordHas8To1024Bytes) {
  for (const std::string& password :
       {std::string(8, 'x'), std::string(1024, 'x'), std::string("语语语"), std::string("1234567\\u0000")})
    EXPECT_TRUE(parse_credentials(body("a@b", password))) << password;
  for (const std::string& password : {std::string(), std::string(7, 'x'), std::string(1025, 'x'), std::string("语语")})
    EXPECT_THAT(parse_credentials(body("a@b", password)), WrongField("password")) << password;
}

TEST(AccountInput, ARoleHas1To32OfCapitalsAndLowLines) {
  const auto with_role = [](const std::string& role) {
    return parse_create_account(body("a@b", "correct horse", R"(,"name":"A","role":")" + role + "\""));
  };
  for (const std::string& role : {std::string("A"), std::string("_"), std::string(32, 'Z')})
    EXPECT_TRUE(with_role(role)) << role;
  for (const std::string& role :
       {std::string(), std::string("admin"), std::string("A1"), std::string("A B"), std::string(33, 'A')})
    EXPECT_THAT(with_role(role), WrongField("role")) << role;
}

TEST(AccountInput, WrongTypesAndWhatIsMissingOrUnknownAreRefused) {
  EXPECT_THAT(parse_credentials(R"({"email":1,"password":"correct horse"})"), WrongField("email"));
  EXPECT_THAT(parse_credentials(R"({"email":"a@b","password":null})"), WrongField("password"));
  EXPECT_THAT(parse_credentials(R"({"email":"a@b"})"), WrongField("password"));
  EXPECT_THAT(parse_credentials(body("a@b", "correct horse", R"(,"name":"A")")), WrongField("name"));
  EXPECT_THAT(parse_create_account(body("a@b")), WrongField("name"));
  EXPECT_THAT(parse_create_account(body("a@b", "correct horse", R"(,"name":"A","role":7)")), WrongField("role"));
  EXPECT_THAT(parse_create_account(body("a@b", "correct horse", R"(,"name":"A","admin":true)")), WrongField("admin"));
  for (const auto* none : {"", "{", "x"}) EXPECT_THAT(parse_create_account(none), Refused(Problem::InvalidJson)) << none;
  EXPECT_THAT(parse_create_account("[]"), Refused(Problem::InvalidArgument));
}

}  // namespace
}  // namespace parley::codec
