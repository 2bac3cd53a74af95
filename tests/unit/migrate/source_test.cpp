#include "migrate/source.hpp"

#include <gmock/gmock.h>

#include "codec/text_rules.hpp"

namespace parley::migrate {
namespace {

TEST(Source, AKeySaysWhereItComesFromAndWhatItIs) {
  EXPECT_EQ(Source("acme").key({"message", "C1", "15.000"}), "import:acme:message/C1/15.000");
}

TEST(Source, PartsDoNotRunIntoEachOther) {
  const Source source("s");
  EXPECT_NE(source.key({"message", "a/b", "c"}), source.key({"message", "a", "b/c"}));
  EXPECT_NE(source.key({"message", "a%2Fb", "c"}), source.key({"message", "a/b", "c"}));
}

TEST(Source, WhatIsTooLongIsHashedAndStaysAKey) {
  const Source source(std::string(kMaxSourceCharacters, 's'));
  const std::string user(128, 'u');
  const auto one = source.key({"join", user, "1"});
  EXPECT_EQ(codec::wrong_with_key(one), "");
  EXPECT_NE(one, source.key({"join", user, "2"}));
  EXPECT_EQ(one, source.key({"join", user, "1"}));
}

TEST(Source, AHashIsInACommandsIdAndOrigin) {
  for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{0x0123456789ABCDEF}, ~std::uint64_t{0}}) {
    core::Command command{.stream = core::user_stream({"ann"}), .received_at = core::TimeMs{1'700'000'000'123}};
    put_hash(command, hash);
    EXPECT_EQ(hash_in(command), hash);
    EXPECT_EQ(core::time_of(command.id), command.received_at);
    EXPECT_EQ(command.id.slot(), command.stream.slot());
  }
}

TEST(Source, ANameIsMadeOfWhatMayStandInOne) {
  EXPECT_EQ(as_source("slack-Acme Ltd. (old)"), "slack-Acme_Ltd.__old_");
  EXPECT_EQ(as_source(""), "_");
  EXPECT_EQ(wrong_with_source(as_source(std::string(100, '\n'))), "");
  EXPECT_NE(wrong_with_source("a b"), "");
  EXPECT_NE(wrong_with_source(""), "");
}

}  // namespace
}  // namespace parley::migrate
