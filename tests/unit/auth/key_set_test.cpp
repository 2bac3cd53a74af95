#include "auth/key_set.hpp"

#include <gmock/gmock.h>

#include "tests/unit/auth/issuer_key.hpp"

namespace parley::auth {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsNull;
using ::testing::NotNull;

const auto& rsa = IssuerKey::an_rsa;
const auto& ec = IssuerKey::an_ec;

bool counts(const Json& key) { return KeySet::parse(key_set({key})).has_value(); }

TEST(KeySet, AKeyIsFoundByItsNameAndAlgorithm) {
  const auto set = KeySet::parse(key_set({rsa().jwk({{"kid", "r"}}), ec().jwk({{"kid", "e"}})}));
  ASSERT_TRUE(set) << set.error();
  EXPECT_EQ(set->size(), 2U);
  EXPECT_THAT(set->find(Algorithm::Rs256, "r"), NotNull());
  EXPECT_THAT(set->find(Algorithm::Es256, "e"), NotNull());
  EXPECT_THAT(set->find(Algorithm::Es256, "r"), IsNull());
  EXPECT_THAT(set->find(Algorithm::Hs256, "r"), IsNull());
  EXPECT_THAT(set->find(Algorithm::Rs256, "R"), IsNull());
  EXPECT_THAT(set->find(Algorithm::Rs256, ""), IsNull());
}

TEST(KeySet, ANameThatAnRsaAndAnEcKeyShareIsOneForEachAlgorithm) {
  const auto set = KeySet::parse(key_set({rsa().jwk({{"kid", "k"}}), ec().jwk({{"kid", "k"}})}));
  EXPECT_EQ(set->find(Algorithm::Rs256, "k")->algorithm(), Algorithm::Rs256);
  EXPECT_EQ(set->find(Algorithm::Es256, "k")->algorithm(), Algorithm::Es256);
}

TEST(KeySet, ANameThatSeveralKeysOfAnAlgorithmShareNamesNone) {
  const auto twice = rsa().jwk({{"kid", "k"}});
  const auto set = KeySet::parse(key_set({twice, twice, twice, ec().jwk({{"kid", "k"}})}));
  ASSERT_TRUE(set);
  EXPECT_THAT(set->find(Algorithm::Rs256, "k"), IsNull());
  EXPECT_THAT(set->find(Algorithm::Rs256, std::nullopt), IsNull());
  EXPECT_THAT(set->find(Algorithm::Es256, "k"), NotNull());
  EXPECT_EQ(set->size(), 1U);
  EXPECT_EQ(set->passed_over(), 3U);
  EXPECT_FALSE(KeySet::parse(key_set({twice, twice})));
}

TEST(KeySet, WithoutANameTheOnlyKeyOfTheAlgorithmIsMeant) {
  const auto named = ec().jwk({{"kid", "e"}});
  EXPECT_THAT(KeySet::parse(key_set({rsa().jwk(), named}))->find(Algorithm::Rs256, std::nullopt), NotNull());
  EXPECT_THAT(KeySet::parse(key_set({rsa().jwk(), named}))->find(Algorithm::Es256, std::nullopt), NotNull());
  EXPECT_THAT(KeySet::parse(key_set({ec().jwk(), named}))->find(Algorithm::Es256, std::nullopt), IsNull()) << "which of two?";
  EXPECT_THAT(KeySet::parse(key_set({rsa().jwk()}))->find(Algorithm::Rs256, "r"), IsNull()) << "a name that no key has";
}

TEST(KeySet, WhatAKeyIsForMustBeSignaturesWhenItIsSaid) {
  EXPECT_TRUE(counts(rsa().jwk({{"use", "sig"}, {"alg", "RS256"}, {"key_ops", {"verify"}}})));
  EXPECT_TRUE(counts(ec().jwk({{"use", "sig"}, {"alg", "ES256"}, {"key_ops", {"sign", "verify"}}})));
  EXPECT_FALSE(counts(rsa().jwk({{"use", "enc"}})));
  EXPECT_FALSE(counts(rsa().jwk({{"use", nullptr}})));
  EXPECT_FALSE(counts(rsa().jwk({{"key_ops", {"encrypt"}}})));
  EXPECT_FALSE(counts(rsa().jwk({{"key_ops", Json::array()}})));
  EXPECT_FALSE(counts(rsa().jwk({{"key_ops", "verify"}})));
}

TEST(KeySet, AKeyOfAnotherAlgorithmIsPassedOver) {
  for (const auto* alg : {"RS384", "RS512", "PS256", "ES256", "HS256", "none", "RSA-OAEP", ""})
    EXPECT_FALSE(counts(rsa().jwk({{"alg", alg}}))) << alg;
  for (const auto* alg : {"ES384", "ES256K", "RS256", "ECDH-ES", "EdDSA"})
    EXPECT_FALSE(counts(ec().jwk({{"alg", alg}}))) << alg;
  EXPECT_FALSE(counts(rsa().jwk({{"alg", 256}})));
}

TEST(KeySet, AKeyOfAnotherKindIsPassedOver) {
  EXPECT_FALSE(counts({{"kty", "oct"}, {"k", "c2VjcmV0"}, {"alg", "HS256"}}));
  EXPECT_FALSE(counts({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "c2VjcmV0"}}));
  for (const auto* kty : {"EC", "rsa", "oct", ""}) EXPECT_FALSE(counts(rsa().jwk({{"kty", kty}}))) << kty;
  for (const auto* crv : {"P-384", "P-521", "secp256k1", "p-256", ""}) EXPECT_FALSE(counts(ec().jwk({{"crv", crv}}))) << crv;
  for (const auto& thing : {Json(nullptr), Json("key"), Json(7), Json::array(), Json::object()}) EXPECT_FALSE(counts(thing));
}

TEST(KeySet, AWeakRsaKeyIsPassedOver) {
  EXPECT_FALSE(counts(IssuerKey::rsa(1024).jwk()));
  EXPECT_FALSE(counts(IssuerKey::rsa(2047).jwk()));
  const auto e_is = [](const char* e) { return rsa().jwk({{"e", e}}); };
  EXPECT_FALSE(counts(e_is("AQ"))) << "1: everything is its own signature";
  EXPECT_FALSE(counts(e_is("AA")));
  EXPECT_FALSE(counts(e_is("")));
  EXPECT_FALSE(counts(e_is("BA"))) << "4: even";
  EXPECT_FALSE(counts(e_is("AQAAAAAAAAAB"))) << "65 bits and more cost too much";
}

TEST(KeySet, AnRsaKeyThatIsTooLargeIsPassedOver) {
  EXPECT_FALSE(counts(rsa().jwk({{"n", std::string(1368, '_')}}))) << "8208 bits";
  EXPECT_FALSE(counts(rsa().jwk({{"n", std::string(100'000, '_')}})));
}

TEST(KeySet, AModulusThatIsNoneIsPassedOver) {
  auto even = rsa().jwk()["n"].get<std::string>();
  even.back() = 'A';
  EXPECT_FALSE(counts(rsa().jwk({{"n", even}})));
  for (const auto* n : {"", "AAAA", "not base64!", "AQAB"}) EXPECT_FALSE(counts(rsa().jwk({{"n", n}}))) << n;
  EXPECT_FALSE(counts({{"kty", "RSA"}, {"e", "AQAB"}}));
  EXPECT_FALSE(counts(rsa().jwk({{"n", 7}})));
}

TEST(KeySet, APointThatIsNotOnTheCurveIsPassedOver) {
  const auto other = IssuerKey::ec().jwk();
  EXPECT_FALSE(counts(ec().jwk({{"y", other["y"]}})));
  EXPECT_FALSE(counts(ec().jwk({{"x", std::string(43, 'A')}, {"y", std::string(43, 'A')}})));
  EXPECT_FALSE(counts(ec().jwk({{"x", ec().jwk()["x"].get<std::string>() + "AA"}})));
  EXPECT_FALSE(counts(IssuerKey::ec("P-384").jwk())) << "that says it is of P-256";
}

TEST(KeySet, AKeyThatTellsItsPrivatePartIsPassedOver) {
  EXPECT_FALSE(counts(rsa().jwk({{"d", "AQAB"}})));
  EXPECT_FALSE(counts(ec().jwk({{"d", "AQAB"}})));
}

TEST(KeySet, ANameThatIsNoTextIsPassedOver) { EXPECT_FALSE(counts(rsa().jwk({{"kid", 1}}))); }

TEST(KeySet, WhatIsSaidBesidesDoesNotMatter) {
  EXPECT_TRUE(counts(rsa().jwk({{"x5c", {"MII="}}, {"x5t", "abc"}, {"issuer", "me"}, {"oth", 1}})));
}

TEST(KeySet, TheOthersCountThoughOneIsPassedOver) {
  const auto set = KeySet::parse(key_set({7, rsa().jwk({{"use", "enc"}}), rsa().jwk({{"kid", "r"}})}));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 1U);
  EXPECT_EQ(set->passed_over(), 2U);
}

TEST(KeySet, WhatIsNoKeySetIsRefusedWithASentence) {
  for (const auto* text : {"", "<html>", "[]", "{", R"({"keys":[],"keys":[]})"})
    EXPECT_THAT(KeySet::parse(text).error(), HasSubstr("no JSON object")) << text;
  for (const auto* text : {"{}", R"({"keys":{}})", R"({"keys":null})", R"({"Keys":[]})"})
    EXPECT_THAT(KeySet::parse(text).error(), HasSubstr("no list of keys")) << text;
  EXPECT_THAT(KeySet::parse(R"({"keys":[]})").error(), HasSubstr("no key that can be used"));
}

}  // namespace
}  // namespace parley::auth
