// Tokens of an issuer that has published its keys: RS256 and ES256, and the ways to pass off something else for one.
#include <gmock/gmock.h>

#include "auth/base64url.hpp"
#include "auth/token.hpp"
#include "tests/unit/auth/forge.hpp"
#include "tests/unit/auth/issuer_key.hpp"
#include "tests/unit/auth/provider.hpp"

namespace parley::auth {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSecret = "a secret that is long enough";
constexpr std::int64_t kNow = 1'767'225'600'000;  // 2026-01-01
constexpr std::string_view kClaims = R"({"sub":"alice","exp":1767225660})";
constexpr std::string_view kRs256 = R"({"alg":"RS256","kid":"r"})";
constexpr std::string_view kEs256 = R"({"alg":"ES256","kid":"e"})";
const auto& rsa = IssuerKey::an_rsa;
const auto& ec = IssuerKey::an_ec;

MATCHER_P(IsUser, name, "") { return arg && arg->user.text == name; }
MATCHER_P(Fails, error, "") { return !arg && arg.error() == error; }

class IssuerTokens : public ::testing::Test {
 protected:
  IssuerTokens() {
    EXPECT_TRUE(until([&] { return ring_.keys() != nullptr; }));
  }
  [[nodiscard]] std::expected<Identity, TokenError> verify(std::string_view token, std::int64_t now = kNow) const {
    return verifier_.verify(token, now);
  }
  static std::string published() { return key_set({rsa().jwk({{"kid", "r"}}), ec().jwk({{"kid", "e"}})}); }

  runtime::Metrics metrics_;
  Provider provider_{published()};
  KeyRing ring_{provider_.fetch(), {}, metrics_};
  Verifier verifier_{{.secret = std::string(kSecret)}, &ring_};
};

TEST_F(IssuerTokens, OneThatAKeyOfTheIssuerSignedNamesItsUser) {
  EXPECT_THAT(verify(rsa().sign(kRs256, kClaims)), IsUser("alice"));
  EXPECT_THAT(verify(ec().sign(kEs256, kClaims)), IsUser("alice"));
}

TEST_F(IssuerTokens, WithoutANameTheOnlyKeyOfTheAlgorithmIsMeant) {
  EXPECT_THAT(verify(rsa().sign(R"({"alg":"RS256"})", kClaims)), IsUser("alice"));
  EXPECT_THAT(verify(ec().sign(R"({"alg":"ES256"})", kClaims)), IsUser("alice"));
}

TEST_F(IssuerTokens, TheSecretsTokensAreTakenBesideThem) {
  EXPECT_THAT(verify(forge(kHs256, kClaims, kSecret)), IsUser("alice"));
}

TEST_F(IssuerTokens, WithoutASecretHs256IsRefused) {
  const Verifier verifier({}, &ring_);
  EXPECT_THAT(verifier.verify(forge(kHs256, kClaims, ""), kNow), Fails(TokenError::Malformed));
  EXPECT_THAT(verifier.verify(forge(kHs256, kClaims, kSecret), kNow), Fails(TokenError::Malformed));
  EXPECT_THAT(verifier.verify(ec().sign(kEs256, kClaims), kNow), IsUser("alice"));
}

TEST_F(IssuerTokens, WithoutAnIssuerTheyAreRefused) {
  const Verifier verifier({.secret = std::string(kSecret)});
  EXPECT_THAT(verifier.verify(rsa().sign(kRs256, kClaims), kNow), Fails(TokenError::Malformed));
  EXPECT_THAT(Verifier({}).verify(forge(kHs256, kClaims, ""), kNow), Fails(TokenError::Malformed));
}

// --- a key for another purpose than its own
TEST_F(IssuerTokens, WhatIsPublicIsNoSecret) {
  const auto rsa_key = rsa().jwk({{"kid", "r"}});
  for (const auto& secret :
       {rsa_key.dump(), rsa_key["n"].get<std::string>(), published(), decode_base64url(rsa_key["n"].get<std::string>()).value(),
        decode_base64url(ec().jwk()["x"].get<std::string>()).value(), std::string()}) {
    EXPECT_THAT(verify(forge(R"({"alg":"HS256","kid":"r"})", kClaims, secret)), Fails(TokenError::BadSignature));
    EXPECT_FALSE(verify(forge(kRs256, kClaims, secret)));
    EXPECT_FALSE(verify(forge(kEs256, kClaims, secret)));
  }
}

TEST_F(IssuerTokens, AKeyOfTheOtherAlgorithmIsNotKnown) {
  EXPECT_THAT(verify(rsa().sign(R"({"alg":"RS256","kid":"e"})", kClaims)), Fails(TokenError::UnknownKey));
  EXPECT_THAT(verify(ec().sign(R"({"alg":"ES256","kid":"r"})", kClaims)), Fails(TokenError::UnknownKey));
}

TEST_F(IssuerTokens, TheSignatureOfTheOtherAlgorithmDoesNotHold) {
  EXPECT_THAT(verify(rsa().sign(kEs256, kClaims)), Fails(TokenError::BadSignature));
  EXPECT_THAT(verify(ec().sign(kRs256, kClaims)), Fails(TokenError::BadSignature));
}

TEST_F(IssuerTokens, AnotherAlgorithmOfTheSameKeyIsRefused) {
  for (const auto* alg : {"RS384", "RS512", "PS256", "ES384", "ES512", "ES256K", "none", "rs256", "HS384"}) {
    const auto header = Json{{"alg", alg}, {"kid", "r"}}.dump();
    EXPECT_THAT(verify(rsa().sign(header, kClaims)), Fails(TokenError::Malformed)) << alg;
  }
}

// --- keys of nobody
TEST_F(IssuerTokens, AnotherKeyUnderTheNameOfTheIssuersDoesNotHold) {
  EXPECT_THAT(verify(IssuerKey::ec().sign(kEs256, kClaims)), Fails(TokenError::BadSignature));
  EXPECT_THAT(verify(IssuerKey::rsa().sign(kRs256, kClaims)), Fails(TokenError::BadSignature));
}

TEST_F(IssuerTokens, AnUnknownNameIsToldAsSuch) {
  for (const auto* kid : {"", "x", "../../etc/passwd", "r' OR '1'='1", "https://evil.example/key", "r\\u0000", "E"})
    EXPECT_THAT(verify(ec().sign(R"({"alg":"ES256","kid":")" + std::string(kid) + "\"}", kClaims)),
                Fails(TokenError::UnknownKey))
        << kid;
}

TEST_F(IssuerTokens, ANameThatIsNoTextIsRefused) {
  for (const auto* kid : {"1", "null", "[\"e\"]", "{}", "true"})
    EXPECT_THAT(verify(ec().sign(R"({"alg":"ES256","kid":)" + std::string(kid) + "}", kClaims)), Fails(TokenError::Malformed))
        << kid;
}

TEST_F(IssuerTokens, AHeaderThatBringsAKeyOrSaysWhereOneIsIsRefused) {
  const auto attacker = IssuerKey::ec();
  for (const auto* header : {"jwk", "jku", "x5u", "x5c"}) {
    const auto text = Json{{"alg", "ES256"}, {"kid", "e"}, {header, attacker.jwk()}}.dump();
    EXPECT_THAT(verify(attacker.sign(text, kClaims)), Fails(TokenError::Malformed)) << header;
    EXPECT_THAT(verify(ec().sign(text, kClaims)), Fails(TokenError::Malformed)) << header;
  }
}

TEST_F(IssuerTokens, ACriticalHeaderIsRefused) {
  EXPECT_THAT(verify(ec().sign(R"({"alg":"ES256","kid":"e","crit":["b64"],"b64":false})", kClaims)),
              Fails(TokenError::Malformed));
}

TEST_F(IssuerTokens, ANameThatStandsTwiceIsRefusedInHeaderAndClaims) {
  EXPECT_THAT(verify(ec().sign(R"({"alg":"ES256","kid":"e","kid":"e"})", kClaims)), Fails(TokenError::Malformed));
  EXPECT_THAT(verify(ec().sign(R"({"alg":"none","alg":"ES256","kid":"e"})", kClaims)), Fails(TokenError::Malformed));
  for (const auto* claims :
       {R"({"sub":"alice","sub":"bob","exp":1767225660})", R"({"sub":"alice","exp":1,"exp":1767225660})",
        R"({"sub":"alice","exp":1767225660,"x":{"a":1,"a":2}})", R"({"sub":"alice","\u0073ub":"bob","exp":1767225660})"})
    EXPECT_THAT(verify(ec().sign(kEs256, claims)), Fails(TokenError::Malformed)) << claims;
}

// --- signatures
TEST_F(IssuerTokens, AnEs256SignatureIsTwoNumbersOf32Bytes) {
  const auto input = unsigned_part(kEs256, kClaims);
  const auto raw = ec().raw_signature(input);
  const auto with = [&](const std::string& signature) { return input + "." + base64url(signature); };
  ASSERT_THAT(verify(with(raw)), IsUser("alice"));
  const std::string der = "\x30\x44\x02\x20" + raw.substr(0, 32) + "\x02\x20" + raw.substr(32);
  const std::string zero(32, '\0');
  const auto order = decode_base64url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").value();
  for (const auto& wrong : {std::string(), der, raw.substr(0, 63), raw + '\0', raw + raw, zero + zero, zero + raw.substr(32),
                            raw.substr(0, 32) + zero, order + order, raw.substr(32) + raw.substr(0, 32)})
    EXPECT_THAT(verify(with(wrong)), Fails(TokenError::BadSignature)) << wrong.size();
}

TEST_F(IssuerTokens, AnRs256SignatureIsAsLongAsItsKey) {
  const auto input = unsigned_part(kRs256, kClaims);
  const auto raw = rsa().raw_signature(input);
  const auto with = [&](const std::string& signature) { return input + "." + base64url(signature); };
  ASSERT_THAT(verify(with(raw)), IsUser("alice"));
  for (const auto& wrong : {std::string(), raw.substr(1), raw.substr(0, 255), raw + '\0', '\0' + raw, std::string(256, '\0'),
                            std::string(256, '\xff'), std::string(1, '\1')})
    EXPECT_THAT(verify(with(wrong)), Fails(TokenError::BadSignature)) << wrong.size();
}

TEST_F(IssuerTokens, OtherClaimsUnderASignatureDoNotHold) {
  for (const auto& token : {rsa().sign(kRs256, kClaims), ec().sign(kEs256, kClaims)}) {
    const auto bob = base64url(R"({"sub":"bobby","exp":1767225660})");
    const auto changed = token.substr(0, token.find('.') + 1) + bob + token.substr(token.rfind('.'));
    EXPECT_THAT(verify(changed), Fails(TokenError::BadSignature));
  }
}

TEST_F(IssuerTokens, AnOversizedOneIsRefused) {
  const auto claims = R"({"sub":"alice","exp":1767225660,"pad":")" + std::string(kMaxTokenBytes, 'x') + "\"}";
  EXPECT_THAT(verify(ec().sign(kEs256, claims)), Fails(TokenError::Malformed));
}

// --- claims
TEST_F(IssuerTokens, TheExpiryIsExactAndTheOthersHaveAMinute) {
  const auto token = ec().sign(kEs256, kClaims);
  EXPECT_THAT(verify(token, 1'767'225'659'999), IsUser("alice"));
  EXPECT_THAT(verify(token, 1'767'225'660'000), Fails(TokenError::Expired));
  for (const auto* claim : {"nbf", "iat", "auth_time"}) {
    const auto from = R"({"sub":"alice","exp":1767229999,")" + std::string(claim) + R"(":1767225660})";
    EXPECT_THAT(verify(ec().sign(kEs256, from), kNow), IsUser("alice")) << claim;
    EXPECT_THAT(verify(ec().sign(kEs256, from), kNow - 1), Fails(TokenError::NotYetValid)) << claim;
  }
}

TEST_F(IssuerTokens, AnUnknownKeyIsSaidOnlyOfWhatHasNothingElseAgainstIt) {
  const Verifier verifier({.issuer = "me", .audience = "us"}, &ring_);
  const auto of = [&](std::string_view claims) {
    return verifier.verify(ec().sign(R"({"alg":"ES256","kid":"gone"})", claims), kNow);
  };
  EXPECT_THAT(of(R"({"sub":"a","exp":1767225660,"iss":"me","aud":"us"})"), Fails(TokenError::UnknownKey));
  EXPECT_THAT(of(R"({"sub":"a","exp":1,"iss":"me","aud":"us"})"), Fails(TokenError::Expired));
  EXPECT_THAT(of(R"({"sub":"a","exp":1767225660,"iss":"you","aud":"us"})"), Fails(TokenError::WrongIssuer));
  EXPECT_THAT(of(R"({"sub":"a","exp":1767225660,"iss":"me","aud":["you"]})"), Fails(TokenError::WrongAudience));
  EXPECT_THAT(of("no claims"), Fails(TokenError::Malformed));
}

TEST_F(IssuerTokens, BeforeThereAreKeysNoneIsKnown) {
  Provider away{std::unexpected("connection refused")};
  KeyRing ring(away.fetch(), {}, metrics_);
  EXPECT_THAT(Verifier({}, &ring).verify(ec().sign(kEs256, kClaims), kNow), Fails(TokenError::UnknownKey));
}

}  // namespace
}  // namespace parley::auth
