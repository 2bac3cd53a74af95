// What is sealed can be opened by its key, in its command, and by nothing else.
#include "codec/seal.hpp"

#include <gmock/gmock.h>

#include <random>

#include "codec/command_codec.hpp"
#include "codec/limits.hpp"
#include "codec/words.hpp"

namespace parley::codec {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

core::Command command_of(core::Payload payload, const char* user = "ann", std::uint64_t random = 1) {
  core::Command command{.user = {user}, .received_at = {1'767'225'600'000}};
  command.payload = std::move(payload);
  command.stream = stream_for(command.payload, command.user);
  command.id = core::command_id(command.stream.slot(), command.received_at, random);
  return command;
}

const core::Payload kPost = core::PostMessage{.channel = core::group_id({"ann"}, "g"),
                                              .text = "quiet words",
                                              .attachments = R"([{"url":"pictures"}])",
                                              .metadata = R"({"mood":"grey"})"};
const core::Payload kEdit = core::EditMessage{core::group_id({"ann"}, "g"), {7}, "better words", {}};
const core::Payload kProfile = core::SetProfile{"Ann Onym", "https://example.org/face"};

const core::Payload kAccount = core::CreateAccount{"Ann Onym", "NORMAL", "$argon2id$v=19$m=8,t=1,p=1$quiet$words"};

BodyKey key_of(std::uint64_t number) {
  auto key = BodyKey::make();
  key.number = number;
  return key;
}

class Seal : public ::testing::TestWithParam<core::Payload> {
 protected:
  const BodyKey key_ = key_of(3);
  core::Command sealed() {
    auto command = command_of(GetParam());
    seal(command, key_);
    return command;
  }
};
INSTANTIATE_TEST_SUITE_P(Payloads, Seal, ::testing::Values(kPost, kEdit, kProfile, kAccount));

TEST_P(Seal, IsOpenedAsItWasAfterTheLog) {
  const auto bytes = encode(sealed());
  for (const auto* word : {"words", "pictures", "grey", "Onym", "example.org"}) EXPECT_THAT(bytes, Not(HasSubstr(word)));
  auto read = decode_command(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sealed.key, 3U);
  EXPECT_NE(read->payload, GetParam());
  ASSERT_TRUE(open(*read, key_));
  EXPECT_EQ(read->payload, GetParam());
  EXPECT_EQ(read->sealed, core::Sealed{});
  EXPECT_FALSE(read->erased);
}

TEST_P(Seal, IsNotOpenedByAnotherKey) {
  auto command = *decode_command(encode(sealed()));
  const auto before = command;
  EXPECT_FALSE(open(command, key_of(3)));
  EXPECT_EQ(command, before);
}

TEST_P(Seal, IsNotOpenedInAnotherCommandOrForAnotherUser) {
  const auto command = sealed();
  auto moved = command_of(GetParam(), "ann", 2);
  moved.sealed = command.sealed;
  EXPECT_FALSE(open(moved, key_)) << "another command of his";
  auto stolen = command;
  stolen.user = {"bob"};
  EXPECT_FALSE(open(stolen, key_)) << "the same under another name";
}

TEST_P(Seal, IsNotOpenedWithAnyBitChangedOrAnyByteMissing) {
  const auto command = sealed();
  for (std::size_t i = 0; i < command.sealed.bytes.size(); ++i) {
    auto changed = command;
    changed.sealed.bytes[i] = static_cast<char>(changed.sealed.bytes[i] ^ 1 << (i % 8));
    EXPECT_FALSE(open(changed, key_)) << "byte " << i;
    auto shorter = command;
    shorter.sealed.bytes.resize(i);
    EXPECT_FALSE(open(shorter, key_)) << i << " bytes";
  }
}

TEST_P(Seal, IsNeverTheSameTwice) { EXPECT_NE(sealed().sealed.bytes, sealed().sealed.bytes); }

TEST_P(Seal, LeavesNoWordsWhenTheKeyIsGone) {
  auto command = sealed();
  forget_words(command);
  EXPECT_TRUE(command.erased);
  EXPECT_EQ(command.sealed, core::Sealed{});
  EXPECT_TRUE(encode_words(command.payload).empty());
}

TEST(SealedCommand, IsRefusedWhenItHasWordsBesideTheSealOrNoBytes) {
  auto command = command_of(kPost);
  seal(command, key_of(1));
  const auto bytes_with = [&](auto change) {
    auto other = command;
    change(other);
    return decode_command(encode(other));
  };
  EXPECT_TRUE(bytes_with([](auto&) {}));
  EXPECT_FALSE(bytes_with([](auto& c) { c.sealed.bytes.resize(kSealBytes); })) << "sealed nothing";
  EXPECT_FALSE(bytes_with([](auto& c) { c.sealed.bytes.resize(kMaxSealedBytes + 1); }));
  EXPECT_FALSE(bytes_with([](auto& c) { c.sealed.key = kMaxNumber + 1; }));
}

// Who has a key may seal anything: what a client may not write is as good as nothing.
TEST(SealedWords, ThatNoClientMayWriteAreNotTaken) {
  core::Payload post = core::PostMessage{};
  const auto is_taken = [](core::Payload payload) {
    auto into = payload;
    drop_words(into);
    return put_words(encode_words(payload), into);
  };
  EXPECT_TRUE(is_taken(kPost));
  EXPECT_FALSE(is_taken(core::PostMessage{.text = ""}));
  EXPECT_FALSE(is_taken(core::PostMessage{.text = std::string(kMaxTextBytes + 1, 'x')}));
  EXPECT_FALSE(is_taken(core::PostMessage{.text = "\xff"}));
  EXPECT_FALSE(is_taken(core::PostMessage{.text = "x", .attachments = "{}"}));
  EXPECT_FALSE(is_taken(core::PostMessage{.text = "x", .metadata = "{"}));
  EXPECT_FALSE(is_taken(core::EditMessage{.text = ""}));
  EXPECT_FALSE(is_taken(core::SetProfile{.name = ""}));
  EXPECT_FALSE(is_taken(core::SetProfile{.name = "A", .avatar_url = std::string(kMaxAvatarUrlBytes + 1, 'x')}));
  EXPECT_TRUE(is_taken(kAccount));
  EXPECT_FALSE(is_taken(core::CreateAccount{"", "NORMAL", "$argon2id$x"}));
  EXPECT_FALSE(is_taken(core::CreateAccount{"A", "NORMAL", ""}));
  EXPECT_FALSE(is_taken(core::CreateAccount{"A", "NORMAL", "a password"}));
  EXPECT_FALSE(is_taken(core::CreateAccount{"A", "NORMAL", "$argon2id$" + std::string(kMaxPasswordHashBytes, 'x')}));
  EXPECT_FALSE(put_words("\x0a\x05hi", post)) << "cut off";
}

TEST(SealedWords, AProfileComesBackWithItsPictureAndWithoutOne) {
  for (const auto& picture : {std::optional<std::string>{}, std::optional<std::string>{"https://example.com/a.png"}}) {
    core::Payload profile;
    ASSERT_TRUE(put_words(encode_words(core::SetProfile{"A", picture}), profile));
    EXPECT_EQ(std::get<core::SetProfile>(profile).avatar_url, picture);
  }
}

// --- the hash of what was asked
TEST(KeyedHash, IsTheSameForTheSameUnderOneKeyAlone) {
  const auto one = key_of(1);
  const auto hash = [](const BodyKey* key, core::Payload payload) {
    auto command = command_of(std::move(payload));
    set_payload_hash(command, key);
    return command.payload_hash;
  };
  const auto other = key_of(1);
  EXPECT_EQ(hash(&one, kPost), hash(&one, kPost));
  EXPECT_NE(hash(&one, kPost), hash(&one, kEdit));
  EXPECT_NE(hash(&one, kPost), hash(&other, kPost));
  EXPECT_NE(hash(&one, kPost), hash(nullptr, kPost)) << "who has the text alone can't tell that it is this";
}

TEST(BodyKeys, ComeBackFromTheirSecret) {
  const auto key = key_of(9);
  EXPECT_EQ(BodyKey::from_secret(9, key.secret()), key);
  EXPECT_NE(BodyKey::make().seal, BodyKey::make().seal);
  EXPECT_NE(key.seal, key.hash);
}

}  // namespace
}  // namespace parley::codec
