#include "auth/token.hpp"

#include <gmock/gmock.h>

#include "tests/unit/auth/forge.hpp"

namespace parley::auth {
namespace {

constexpr std::string_view kSecret = "a secret that is long enough";
constexpr std::int64_t kNow = 1'767'225'600'000;  // 2026-01-01
constexpr std::int64_t kNowSeconds = kNow / 1000;

std::string expiring(std::string_view more = R"("sub":"alice")") {
  return R"({"exp":)" + std::to_string(kNowSeconds + 60) + "," + std::string(more) + "}";
}

class Tokens : public ::testing::Test {
 protected:
  std::expected<Identity, TokenError> verify(std::string_view token, std::int64_t now = kNow) const {
    return Verifier(options_).verify(token, now);
  }
  std::expected<Identity, TokenError> verify_claims(std::string_view claims, std::int64_t now = kNow) const {
    return verify(forge(kHs256, claims, kSecret), now);
  }

  VerifierOptions options_{.secret = std::string(kSecret)};
};

MATCHER_P(IsUser, name, "") { return arg && arg->user.text == name; }
MATCHER_P(Fails, error, "") { return !arg && arg.error() == error; }

TEST_F(Tokens, OneThatIsIssuedNamesItsUser) {
  const auto token = issue(options_, {.user = {"alice"}, .name = "Alice", .issued_at_ms = kNow, .expires_at_ms = kNow + 5'000});
  const auto identity = verify(token);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->user.text, "alice");
  EXPECT_EQ(identity->name, "Alice");
  EXPECT_EQ(identity->expires_at_ms, kNow + 5'000);
  EXPECT_FALSE(identity->is_operator);
}

TEST_F(Tokens, OneThatIsIssuedWithoutANameHasTheUsersId) {
  const auto token = issue(options_, {.user = {"bob@example.com"}, .issued_at_ms = kNow, .expires_at_ms = kNow + 1'000});
  EXPECT_EQ(verify(token)->name, "bob@example.com");
}

TEST_F(Tokens, OneThatIsIssuedFitsWhateverIsChecked) {
  options_.issuer = "https://issuer.example.com";
  options_.audience = "parley";
  for (const auto* claim : {"sub", "email", "cognito:username", "custom:id", "custom:id|custom:name"}) {
    options_.user_claim = claim;
    EXPECT_THAT(verify(issue(options_, {.user = {"alice"}, .issued_at_ms = kNow, .expires_at_ms = kNow + 1'000})),
                IsUser("alice"));
  }
}

// RFC 7515, appendix A.1: made by somebody else.
TEST_F(Tokens, TheExampleOfTheRfcIsTaken) {
  options_.secret =
      decode_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow").value();
  options_.user_claim = "iss";
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc1"
      "9yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  EXPECT_THAT(verify(token, 1'300'819'379'999), IsUser("joe"));
  EXPECT_THAT(verify(token, 1'300'819'380'000), Fails(TokenError::Expired));
}

// --- the form
TEST_F(Tokens, AlgorithmNoneIsRefusedWithAndWithoutASignature) {
  for (const auto* alg : {"none", "None", "NONE", "nOnE"}) {
    const auto header = R"({"alg":")" + std::string(alg) + R"("})";
    EXPECT_THAT(verify(unsigned_part(header, expiring()) + "."), Fails(TokenError::Malformed));
    EXPECT_THAT(verify(forge(header, expiring(), kSecret)), Fails(TokenError::Malformed));
  }
}

TEST_F(Tokens, AnotherAlgorithmIsRefusedThoughItsSignatureHolds) {
  for (const auto* alg : {"HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 ", ""})
    EXPECT_THAT(verify(forge(R"({"alg":")" + std::string(alg) + R"("})", expiring(), kSecret)), Fails(TokenError::Malformed))
        << alg;
  const auto input = unsigned_part(R"({"alg":"HS512"})", expiring());
  EXPECT_THAT(verify(input + "." + base64url(hmac(EVP_sha512(), kSecret, input))), Fails(TokenError::Malformed));
}

TEST_F(Tokens, AnAlgorithmThatIsMissingOrNoTextIsRefused) {
  for (const auto* header : {"{}", R"({"typ":"JWT"})", R"({"alg":null})", R"({"alg":256})", R"({"alg":["HS256"]})"})
    EXPECT_THAT(verify(forge(header, expiring(), kSecret)), Fails(TokenError::Malformed)) << header;
}

TEST_F(Tokens, ACriticalHeaderIsRefusedSinceNoneIsKnown) {
  for (const auto* crit : {R"(["exp"])", R"(["b64"])", "[]", "null"})
    EXPECT_THAT(verify(forge(R"({"alg":"HS256","b64":true,"crit":)" + std::string(crit) + "}", expiring(), kSecret)),
                Fails(TokenError::Malformed))
        << crit;
}

TEST_F(Tokens, OtherHeadersDoNotMatter) {
  EXPECT_THAT(verify(forge(R"({"kid":"1","alg":"HS256","cty":"x"})", expiring(), kSecret)), IsUser("alice"));
}

TEST_F(Tokens, WhatHasNotThreePartsIsRefused) {
  const auto token = forge(kHs256, expiring(), kSecret);
  const auto input = unsigned_part(kHs256, expiring());
  for (const auto& wrong : {std::string(), std::string("."), std::string(".."), std::string("..."), input, input + ".",
                            token + ".", "." + token, token + "." + token, token + ".e.e", base64url(kHs256)})
    EXPECT_THAT(verify(wrong), Fails(wrong == input + "." ? TokenError::BadSignature : TokenError::Malformed)) << wrong;
}

TEST_F(Tokens, SloppyBase64UrlIsRefusedInEveryPart) {
  const auto token = forge(kHs256, expiring(), kSecret);
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  for (const auto* extra : {"=", "==", " ", "\n", "\t", "%3D", "+", "/"}) {
    for (const auto at : {std::size_t{0}, first, first + 1, second, second + 1, token.size()}) {
      auto sloppy = token;
      EXPECT_FALSE(verify(sloppy.insert(at, extra))) << "'" << extra << "' at " << at;
    }
  }
}

TEST_F(Tokens, SloppyClaimsAreRefusedThoughTheSignatureCoversThem) {
  for (const auto* extra : {"=", "==", " ", "\n", "+", "/"}) {
    const auto input = unsigned_part(kHs256, expiring()) + extra;
    EXPECT_THAT(verify(input + "." + base64url(hmac(EVP_sha256(), kSecret, input))), Fails(TokenError::Malformed)) << extra;
  }
}

TEST_F(Tokens, BitsLeftOverInTheSignatureAreRefused) {
  auto token = forge(kHs256, expiring(), kSecret);
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto last = alphabet.find(token.back());
  ASSERT_EQ(last % 4, 0U) << "32 bytes leave two bits of the last letter";
  for (std::size_t bits = 1; bits < 4; ++bits) {
    token.back() = alphabet[last + bits];
    EXPECT_THAT(verify(token), Fails(TokenError::Malformed));
  }
}

TEST_F(Tokens, HeaderAndClaimsAreJsonObjects) {
  for (const auto* wrong : {"", "null", "[]", "1", "\"a\"", "{", "{}x", R"({"exp":1,})", "{\"sub\":\"\xff\"}"}) {
    EXPECT_THAT(verify(forge(wrong, expiring(), kSecret)), Fails(TokenError::Malformed)) << wrong;
    EXPECT_THAT(verify_claims(wrong), Fails(TokenError::Malformed)) << wrong;
  }
}

TEST_F(Tokens, AnOversizedOneIsRefusedThoughItIsSigned) {
  const auto of_about = [](std::size_t bytes) {
    return forge(kHs256, expiring(R"("sub":"alice","pad":")" + std::string(bytes * 3 / 4, 'x') + "\""), kSecret);
  };
  auto pad = kMaxTokenBytes - 400;
  while (of_about(pad + 1).size() <= kMaxTokenBytes) ++pad;
  EXPECT_GT(of_about(pad).size(), kMaxTokenBytes - 4);
  EXPECT_THAT(verify(of_about(pad)), IsUser("alice"));
  EXPECT_THAT(verify(of_about(pad + 1)), Fails(TokenError::Malformed));
  EXPECT_THAT(verify(of_about(1 << 20)), Fails(TokenError::Malformed));
}

// --- the signature
TEST_F(Tokens, AWrongSecretIsRefused) {
  for (const auto* secret : {"", "a secret that is long enougH", "a secret that is long enough "})
    EXPECT_THAT(verify(forge(kHs256, expiring(), secret)), Fails(TokenError::BadSignature));
}

TEST_F(Tokens, AShorterOrLongerSignatureIsRefused) {
  const auto input = unsigned_part(kHs256, expiring());
  const auto mac = hmac(EVP_sha256(), kSecret, input);
  for (const auto& wrong : {std::string(), mac.substr(0, 16), mac.substr(0, 31), mac + '\0', mac + mac})
    EXPECT_THAT(verify(input + "." + base64url(wrong)), Fails(TokenError::BadSignature)) << wrong.size();
}

TEST_F(Tokens, AnyOtherByteInAnyPartIsRefused) {
  const auto token = forge(kHs256, expiring(), kSecret);
  for (std::size_t at = 0; at < token.size(); ++at) {
    if (token[at] == '.') continue;
    auto changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify(changed)) << "byte " << at;
  }
}

TEST_F(Tokens, TheSignatureOfAnotherTokenIsRefused) {
  const auto alice = forge(kHs256, expiring(R"("sub":"alice")"), kSecret);
  const auto bob = forge(kHs256, expiring(R"("sub":"bobby")"), kSecret);
  EXPECT_THAT(verify(alice.substr(0, alice.rfind('.')) + bob.substr(bob.rfind('.'))), Fails(TokenError::BadSignature));
}

// --- the times
TEST_F(Tokens, TheExpiryIsExact) {
  const auto claims = R"({"sub":"alice","exp":)" + std::to_string(kNowSeconds) + "}";
  EXPECT_THAT(verify_claims(claims, kNow - 1), IsUser("alice"));
  EXPECT_THAT(verify_claims(claims, kNow), Fails(TokenError::Expired));
}

TEST_F(Tokens, TheExpiryMayHaveAFraction) {
  const auto claims = R"({"sub":"alice","exp":)" + std::to_string(kNowSeconds) + ".25}";
  EXPECT_THAT(verify_claims(claims, kNow + 249), IsUser("alice"));
  EXPECT_THAT(verify_claims(claims, kNow + 250), Fails(TokenError::Expired));
}

TEST_F(Tokens, AnExpiryThatIsMissingOrNoDateIsRefused) {
  EXPECT_THAT(verify_claims(R"({"sub":"alice"})"), Fails(TokenError::Malformed));
  for (const auto* exp : {"null", "true", "\"1767225660\"", "[1767225660]", "{}", "1e300", "1e12", "-1e12"})
    EXPECT_THAT(verify_claims(R"({"sub":"alice","exp":)" + std::string(exp) + "}"), Fails(TokenError::Malformed)) << exp;
}

TEST_F(Tokens, AnExpiryOfLongAgoIsPast) {
  for (const auto* exp : {"0", "-1", "1", "-99999999999"})
    EXPECT_THAT(verify_claims(R"({"sub":"alice","exp":)" + std::string(exp) + "}"), Fails(TokenError::Expired)) << exp;
}

TEST_F(Tokens, WhatIsNotValidYetHasAMinuteOfLeeway) {
  for (const auto* claim : {"nbf", "iat", "auth_time"}) {
    const auto starting_in = [&](int seconds) {
      return expiring(R"("sub":"alice",")" + std::string(claim) + "\":" + std::to_string(kNowSeconds + seconds));
    };
    EXPECT_THAT(verify_claims(starting_in(-1'000'000)), IsUser("alice"));
    EXPECT_THAT(verify_claims(starting_in(60)), IsUser("alice"));
    EXPECT_THAT(verify_claims(starting_in(60), kNow - 1), Fails(TokenError::NotYetValid));
    EXPECT_THAT(verify_claims(starting_in(61)), Fails(TokenError::NotYetValid));
  }
}

TEST_F(Tokens, TimesThatAreNoDatesAreRefused) {
  for (const auto* claim : {"nbf", "iat", "auth_time"})
    for (const auto* value : {"null", "\"0\"", "false", "[]", "1e300"})
      EXPECT_THAT(verify_claims(expiring(R"("sub":"alice",")" + std::string(claim) + "\":" + value)),
                  Fails(TokenError::Malformed))
          << claim << " " << value;
}

// --- for whom, and of whom
TEST_F(Tokens, TheAudienceIsATextOrOneOfAList) {
  options_.audience = "parley";
  for (const auto* aud : {R"("parley")", R"(["parley"])", R"(["other","parley"])", R"([1,null,"parley"])"})
    EXPECT_THAT(verify_claims(expiring(R"("sub":"alice","aud":)" + std::string(aud))), IsUser("alice")) << aud;
  for (const auto* aud : {R"("other")", R"("Parley")", R"("parley ")", "[]", R"(["other"])", R"([["parley"]])", "null", "1",
                          R"({"parley":"parley"})"})
    EXPECT_THAT(verify_claims(expiring(R"("sub":"alice","aud":)" + std::string(aud))), Fails(TokenError::WrongAudience)) << aud;
  EXPECT_THAT(verify_claims(expiring()), Fails(TokenError::WrongAudience)) << "none at all";
}

TEST_F(Tokens, TheIssuerIsExactlyThatOne) {
  options_.issuer = "https://issuer.example.com";
  EXPECT_THAT(verify_claims(expiring(R"("sub":"alice","iss":"https://issuer.example.com")")), IsUser("alice"));
  for (const auto* iss : {R"("https://issuer.example.com/")", R"("")", "null", R"(["https://issuer.example.com"])"})
    EXPECT_THAT(verify_claims(expiring(R"("sub":"alice","iss":)" + std::string(iss))), Fails(TokenError::WrongIssuer)) << iss;
  EXPECT_THAT(verify_claims(expiring()), Fails(TokenError::WrongIssuer));
}

TEST_F(Tokens, AudienceAndIssuerAreNotLookedAtUnlessConfigured) {
  EXPECT_THAT(verify_claims(expiring(R"("sub":"alice","iss":"anyone","aud":"anything")")), IsUser("alice"));
}

TEST_F(Tokens, TheUserIsWhomTheConfiguredClaimNames) {
  options_.user_claim = "email";
  EXPECT_THAT(verify_claims(expiring(R"("sub":"1","email":"alice@example.com")")), IsUser("alice@example.com"));
  EXPECT_THAT(verify_claims(expiring()), Fails(TokenError::BadUser)) << "sub is no help";
}

TEST_F(Tokens, OfSeveralConfiguredClaimsTheFirstThatNamesAUserIsTaken) {
  options_.user_claim = "userEmail|email";
  EXPECT_THAT(verify_claims(expiring(R"("email":"bob@example.com","userEmail":"alice@example.com")")),
              IsUser("alice@example.com"));
  EXPECT_THAT(verify_claims(expiring(R"("email":"bob@example.com")")), IsUser("bob@example.com"));
  EXPECT_THAT(verify_claims(expiring(R"("email":"bob@example.com","userEmail":"a/b")")), IsUser("bob@example.com"));
  EXPECT_THAT(verify_claims(expiring()), Fails(TokenError::BadUser));
}

TEST_F(Tokens, AUserThatIsNoUserIdIsRefused) {
  for (const auto* sub : {R"("")", R"("a/b")", R"("a\nb")", R"("a\u0000")", "null", "7", R"(["alice"])"})
    EXPECT_THAT(verify_claims(expiring(R"("sub":)" + std::string(sub))), Fails(TokenError::BadUser)) << sub;
  EXPECT_THAT(verify_claims(expiring(R"("sub":")" + std::string(129, 'a') + "\"")), Fails(TokenError::BadUser));
  EXPECT_THAT(verify_claims(expiring(R"("sub":")" + std::string(128, 'a') + "\"")), IsUser(std::string(128, 'a')));
}

TEST_F(Tokens, AnOperatorIsOneWhoseTokenSaysTrue) {
  EXPECT_TRUE(verify_claims(expiring(R"("sub":"alice","parley:operator":true)"))->is_operator);
  for (const auto* value : {"false", "null", "1", "\"true\"", "[true]"})
    EXPECT_FALSE(verify_claims(expiring(R"("sub":"alice","parley:operator":)" + std::string(value)))->is_operator) << value;
}

TEST_F(Tokens, EveryErrorHasASentence) {
  for (const auto error : {TokenError::Malformed, TokenError::BadSignature, TokenError::Expired, TokenError::NotYetValid,
                           TokenError::WrongIssuer, TokenError::WrongAudience, TokenError::BadUser, TokenError::UnknownKey})
    EXPECT_THAT(describe(error), ::testing::StartsWith("the token"));
}

}  // namespace
}  // namespace parley::auth
