// Tokens: what strangers send for one, and any claims under a signature that holds.
#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "auth/token.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

constexpr std::string_view kSecret = "a secret that is long enough";
constexpr std::int64_t kNow = 1'767'225'600'000;

std::string sign(std::string_view header, std::string_view claims) {
  using namespace parley::auth;
  const auto text = base64url(header) + "." + base64url(claims);
  return text + "." + base64url(hmac_sha256(kSecret, text));
}

}  // namespace

std::vector<std::string> parley::fuzz::seeds() {
  const std::string claims =
      R"({"sub":"alice","exp":1767225660.5,"nbf":1767225600,"iat":1767225600,"iss":"me","aud":["us","them"],"parley:operator":true})";
  return {sign(R"({"alg":"HS256","typ":"JWT","kid":"1"})", claims), claims, R"({"sub":"a","exp":1e10,"aud":"us","iss":"me"})",
          R"({"alg":"HS256","crit":["b64"],"jwk":{}})"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto input = fuzz::view(data, size);
  static const auth::Verifier verifier({.secret = std::string(kSecret)});

  if (const auto jws = auth::parse_jws(input)) {
    const auto rest = input.substr(jws->signed_part.size() + 1);
    must_hold(auth::base64url(jws->signature) == rest, "a signature has one text only");
    must_hold(!verifier.verify(input, kNow) || jws->signature == auth::hmac_sha256(kSecret, jws->signed_part),
              "whoever is let in has a signature that holds");
  }
  for (const auto& token : {sign(R"({"alg":"HS256"})", input), sign(input, R"({"sub":"alice","exp":1767225660})")}) {
    const auto identity = verifier.verify(token, kNow);
    if (!identity) continue;
    must_hold(core::UserId::parse(identity->user.text).has_value(), "a token names a user that can be one");
    must_hold(identity->expires_at_ms > kNow, "whoever is let in has some time left");
  }
  return 0;
}
