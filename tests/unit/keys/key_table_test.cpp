#include "keys/key_table.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace parley::keys {
namespace {

using namespace std::chrono_literals;
using core::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const UserId kAnn{"ann"};
const UserId kBob{"bob"};

class TableTest : public ::testing::Test {
 protected:
  void made(const UserId& user, std::uint64_t number) { apply({user, Made{codec::BodyKey::make().secret()}}, number); }
  void apply(const KeyRecord& record, std::uint64_t number) {
    table_.apply(record, number);
    table_.reached(number + 1);
  }
  template <class What>
  [[nodiscard]] bool is(const UserId& user, std::uint64_t number) const {
    return std::holds_alternative<What>(table_.await(user, number, 0ms));
  }
  [[nodiscard]] std::uint64_t current(const UserId& user) const {
    const auto key = table_.current(user);
    return key ? key->number : 0;
  }
  KeyTable table_;
};

TEST_F(TableTest, OfSeveralKeysTheOldestIsTheOneToSealWithAndAllOpen) {
  made(kAnn, 1);
  made(kAnn, 2);
  EXPECT_EQ(current(kAnn), 1U);
  EXPECT_TRUE(is<codec::BodyKey>(kAnn, 1) && is<codec::BodyKey>(kAnn, 2));
  EXPECT_EQ(table_.live(), 2U);
}

TEST_F(TableTest, AKeyIsItsOwnersAlone) {
  made(kAnn, 1);
  EXPECT_TRUE(is<IsMissing>(kBob, 1));
  EXPECT_EQ(current(kBob), 0U);
}

TEST_F(TableTest, ErasingDestroysWhatWasBeforeAndNothingAfter) {
  made(kAnn, 1);
  made(kBob, 2);
  apply({kAnn, Erasing{}}, 3);
  EXPECT_TRUE(is<IsDestroyed>(kAnn, 1));
  EXPECT_EQ(current(kAnn), 0U);
  EXPECT_EQ(current(kBob), 2U);
  made(kAnn, 4);
  EXPECT_EQ(current(kAnn), 4U);
  EXPECT_TRUE(is<IsDestroyed>(kAnn, 1));
  EXPECT_TRUE(is<codec::BodyKey>(kAnn, 4));
}

TEST_F(TableTest, AnErasureIsUnderWayUntilItIsSaidToBeOver) {
  apply({kAnn, Erasing{}}, 3);
  EXPECT_THAT(table_.erasing(), ElementsAre(kAnn));
  apply({kAnn, Erasing{}}, 5);
  apply({kAnn, Erased{3}}, 6);
  EXPECT_TRUE(table_.is_erasing(kAnn)) << "there was another one";
  apply({kAnn, Erased{5}}, 7);
  EXPECT_THAT(table_.erasing(), IsEmpty());
  EXPECT_EQ(table_.destroyed_below(kAnn), 5U);
}

// A compacted log has the newest word on everything, in whatever order that leaves.
TEST_F(TableTest, WhatCompactionLeavesSaysTheSame) {
  apply({kAnn, Erased{3}}, 9);
  EXPECT_TRUE(is<IsDestroyed>(kAnn, 1));
  EXPECT_THAT(table_.erasing(), IsEmpty());
  made(kAnn, 10);
  EXPECT_EQ(current(kAnn), 10U);
}

TEST_F(TableTest, AKeyWhoseRecordWasDestroyedButIsStillThereIsNotTaken) {
  apply({kAnn, Erased{3}}, 9);
  table_.apply({kAnn, Made{}}, 2);
  EXPECT_EQ(current(kAnn), 0U);
}

TEST_F(TableTest, WhatWasNotReadYetIsAheadAndWhatIsNotThereIsMissing) {
  made(kAnn, 1);
  made(kBob, 2);
  EXPECT_TRUE(is<IsMissing>(kAnn, 2));
  EXPECT_TRUE(is<IsAhead>(kAnn, 3));
}

TEST_F(TableTest, AKeyThatIsAheadIsWaitedFor) {
  std::thread reader([this] { made(kAnn, 1); });
  EXPECT_TRUE(std::holds_alternative<codec::BodyKey>(table_.await(kAnn, 1, 20s)));
  reader.join();
  EXPECT_TRUE(std::holds_alternative<IsAhead>(table_.await(kAnn, 2, 1ms)));
}

TEST_F(TableTest, ANumberThatNobodyGaveIsNotWaitedForForEver) {
  std::jthread reader([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      table_.ends_at(2);
      std::this_thread::yield();
    }
  });
  EXPECT_TRUE(std::holds_alternative<IsMissing>(table_.await(kAnn, 1'000, 20s)));
}

TEST_F(TableTest, TheFirstEpochCounts) {
  apply({{}, Epoch{7}}, 1);
  apply({{}, Epoch{8}}, 2);
  EXPECT_EQ(table_.epoch(), 7U);
}

TEST(KeyRecords, AreReadBackAndNothingElseIs) {
  const std::vector<KeyRecord> records{
      {kAnn, Made{codec::BodyKey::make().secret()}}, {kAnn, Destroyed{}}, {kAnn, Erasing{}}, {kAnn, Erased{7}}, {{}, Epoch{9}}};
  for (const auto& record : records) {
    const auto read = decode_key_record(encode(record));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->user, record.user);
    EXPECT_EQ(encode(*read), encode(record));
  }
  EXPECT_FALSE(decode_key_record(""));
  EXPECT_FALSE(decode_key_record("rubbish"));
  EXPECT_FALSE(decode_key_record(encode({kAnn, Destroyed{}}).substr(0, 4)));
  EXPECT_FALSE(
      decode_key_record("\x0a\x03"
                        "ann\x12\x02xx"))
      << "a secret that is too short";
}

}  // namespace
}  // namespace parley::keys
