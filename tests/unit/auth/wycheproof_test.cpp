// Signatures and keys of Project Wycheproof (github.com/C2SP/wycheproof, Apache-2.0), a selection of its
// json_web_signature_test.json and json_web_key_test.json: of the many wrong paddings of RS256 every sixth. Left out are four
// that contradict others or strict base64url (367, 370, 372, 373), and the one that knows Infineon's weak keys, which we do not
// look for.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "auth/key_set.hpp"
#include "tests/unit/auth/issuer_key.hpp"

namespace parley::auth {
namespace {

using Json = nlohmann::json;

bool is_taken(const std::string& token, const Json& group) {
  const auto jws = parse_jws(token);
  if (!jws || !decode_base64url(jws->claims)) return false;
  if (jws->algorithm == Algorithm::Hs256)
    return group["secret"].is_string() &&
           hmac_sha256(decode_base64url(group["secret"].get<std::string>()).value(), jws->signed_part) == jws->signature;
  const auto keys = group["keys"].is_object() ? KeySet::parse(group["keys"].dump()) : std::unexpected("none");
  const auto* key = keys ? keys->find(jws->algorithm, jws->kid) : nullptr;
  return key != nullptr && key->verifies(jws->signed_part, jws->signature);
}

// PS256: right there, and not taken here.
const std::set<int> kNotOurs{272, 273, 346, 350};

TEST(Wycheproof, EveryVerdictIsTheSame) {
  std::ifstream file(std::string(PARLEY_SOURCE) + "/tests/unit/auth/wycheproof.json");
  const auto groups = Json::parse(file);
  int valid = 0;
  int invalid = 0;
  for (const auto& group : groups) {
    for (const auto& test : group["tests"]) {
      const bool expected = test["result"] == "valid" && !kNotOurs.contains(test["id"].get<int>());
      EXPECT_EQ(is_taken(test["jws"].get<std::string>(), group), expected)
          << group["comment"] << " " << test["id"] << " " << test["comment"];
      ++(expected ? valid : invalid);
    }
  }
  EXPECT_EQ(valid, 19);
  EXPECT_EQ(invalid, 130);
}

}  // namespace
}  // namespace parley::auth
