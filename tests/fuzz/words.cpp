// What lies below a seal, which whoever has a key may have filled with anything, and the records of the key table. What is
// taken for words is what a client may write, and comes out of another round as it was.
#include "codec/words.hpp"

#include "codec/seal.hpp"
#include "keys/key_record.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::fuzz {

std::vector<std::string> seeds() {
  codec::Generator any(1);
  std::vector<std::string> seeds;
  for (std::size_t i = 0; i < 3 * std::variant_size_v<core::Payload>; ++i)
    if (auto words = codec::encode_words(any.payload(i % std::variant_size_v<core::Payload>)); !words.empty())
      seeds.push_back(std::move(words));
  const core::UserId user{"ann"};
  seeds.push_back(keys::encode({user, keys::Made{}}));
  seeds.push_back(keys::encode({user, keys::Erased{7}}));
  seeds.push_back(keys::encode({{}, keys::Epoch{7}}));
  return seeds;
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto bytes = fuzz::view(data, size);
  for (const core::Payload& empty :
       {core::Payload{core::PostMessage{}}, core::Payload{core::EditMessage{}}, core::Payload{core::SetProfile{}},
        core::Payload{core::CreateAccount{}}, core::Payload{core::SetPin{}}}) {
    auto payload = empty;
    if (!codec::put_words(bytes, payload)) {
      must_hold(payload == empty, "what is refused changes nothing");
      continue;
    }
    auto again = empty;
    must_hold(codec::put_words(codec::encode_words(payload), again) && again == payload,
              "words are the same after another round");
    codec::drop_words(payload);
    must_hold(payload == empty, "words that are dropped are gone");
  }
  core::Command command{.user = {"ann"}};
  command.payload = core::PostMessage{};
  command.sealed = {1, std::string(bytes)};
  must_hold(!codec::open(command, codec::BodyKey{.number = 1}), "nothing that was not sealed is opened");
  if (const auto record = keys::decode_key_record(bytes)) {
    const auto same = keys::decode_key_record(keys::encode(*record));
    must_hold(same && same->user == record->user && same->what.index() == record->what.index(),
              "a record of the key table is the same after another round");
  }
  return 0;
}
