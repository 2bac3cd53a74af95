// JWKS documents, as an issuer publishes them, or whoever answers in its place.
#include "auth/key_set.hpp"

#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  const std::string ec =
      R"({"kty":"EC","crv":"P-256","kid":"e","use":"sig","alg":"ES256","x":"xTUOl7C0LZ8HDC10Fpg-rry4Ri7NJesWRxf9VPKeGek",)"
      R"("y":"lnBQUnx1fzpiZt1-mumK4qVz65UKVqgIsrrra2xb9h8"})";
  const std::string rsa =
      R"({"kty":"RSA","kid":"r","key_ops":["verify"],"e":"AQAB","n":"wt7uftwgbnhKtirUAyV7ihtVLucIoXLS4e0Pnmx83-pdwbrgMtiFXii0qf-o)"
      R"(VHTisPPeaoG2y6rqIzjPmgu_JMw7GWiV2132MNOlyrSMNIuq2CkJOPIHSv7a_kCxI9Rmcopvt5VZHGe1R_GsuMzZJxqGhRJdU7iGDfRbZlYeqn-rmp4BHYl)"
      R"(8SPxvZ-U5fnCnNy3-Nvx8-c7H4QLTZiy2praSnYsOAW2D-8DVT8AxCg0XS7nu5AKqsjedzWe6CIJQM4g39CxxERrLRfAdXZ8iBNcNpdH1bxptvouz_7afzC_)"
      R"(Xh7o7s1SJvM0EXJZqwRXAUodu3JE72QXq39Ciuv9tJw"})";
  return {R"({"keys":[)" + ec + "," + rsa + "]}", R"({"keys":[)" + ec + "," + ec + "]}",
          R"({"keys":[{"kty":"oct","k":"c2VjcmV0"},)" + ec + R"(],"more":[[[{"a":{}}]]]})", R"({"keys":[]})"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using auth::Algorithm;
  using fuzz::must_hold;
  const auto set = auth::KeySet::parse(fuzz::view(data, size));
  if (!set) {
    must_hold(!set.error().empty(), "a refusal says why");
    return 0;
  }
  must_hold(set->size() > 0, "a set has a key that counts");
  must_hold(set->find(Algorithm::Hs256, std::nullopt) == nullptr && set->find(Algorithm::Hs256, "e") == nullptr,
            "what is published is no secret");
  for (const auto algorithm : {Algorithm::Rs256, Algorithm::Es256})
    for (const auto* kid : {"e", "r"})
      if (const auto* key = set->find(algorithm, kid)) {
        must_hold(key->algorithm() == algorithm, "a key is for one algorithm");
        must_hold(!key->verifies("text", std::string(256, '\1')), "nothing verifies by itself");
      }
  return 0;
}
