#include "ingest/allowance.hpp"

#include <gtest/gtest.h>

namespace parley::ingest {
namespace {

class AllowanceTest : public ::testing::Test {
 protected:
  Allowance allowance() {
    limit::Caller caller(limits_, "192.0.2.1");
    caller.identify("ann");
    auto place = caller.enter();
    return {limits_, std::move(caller), std::move(place.value())};
  }
  // What is refused of it; none: nothing.
  static std::optional<limit::What> send(Allowance& allowance, std::string_view text) {
    const auto refusal = allowance.take(codec::parse_frame(text, {"ann"}), text.size());
    return refusal ? std::optional(refusal->what) : std::nullopt;
  }

  static constexpr std::string_view kPost = R"({"id":1,"type":"post_message","direct_to":"bob","text":"x"})";
  runtime::ManualClock clock_{1'000'000};
  runtime::Metrics metrics_;
  limit::Limits limits_{
      {.user = {.messages = {1, 1}, .commands = {1, 3}, .reads = {1, 1}, .bytes = {1, 1000}, .connections = 1},
       .refusals = {1, 2}},
      clock_,
      metrics_};
};

TEST_F(AllowanceTest, APostIsAMessage) {
  auto mine = allowance();
  EXPECT_EQ(send(mine, kPost), std::nullopt);
  EXPECT_EQ(send(mine, kPost), limit::What::Messages);
}

TEST_F(AllowanceTest, EverythingElseIsACommandUnderstoodOrNot) {
  auto mine = allowance();
  EXPECT_EQ(send(mine, R"({"type":"ping"})"), std::nullopt);
  EXPECT_EQ(send(mine, R"({"id":2,"type":"nonsense"})"), std::nullopt);
  EXPECT_EQ(send(mine, "no JSON"), std::nullopt);
  EXPECT_EQ(send(mine, R"({"id":3,"type":"mark_read","channel_id":"x","seq":1})"), limit::What::Commands);
}

TEST_F(AllowanceTest, HistoryIsARead) {
  constexpr std::string_view kHistory = R"({"id":1,"type":"get_history","channel_id":"01234567-89ab-8def-8123-456789abcdef"})";
  auto mine = allowance();
  EXPECT_EQ(send(mine, kHistory), std::nullopt);
  EXPECT_EQ(send(mine, kHistory), limit::What::Reads);
}

TEST_F(AllowanceTest, BytesCount) {
  auto mine = allowance();
  EXPECT_EQ(send(mine, std::string(900, ' ')), std::nullopt);
  EXPECT_EQ(send(mine, std::string(900, ' ')), limit::What::Bytes);
}

TEST_F(AllowanceTest, SoManyRefusalsAreBorneAndNotOneMore) {
  auto mine = allowance();
  EXPECT_FALSE(mine.is_spent());
  EXPECT_FALSE(mine.is_spent());
  EXPECT_TRUE(mine.is_spent());
  clock_.advance(1000);
  EXPECT_FALSE(mine.is_spent()) << "who gives way is borne again";
}

TEST_F(AllowanceTest, HoldsThePlaceOfItsSocket) {
  limit::Caller other(limits_, "192.0.2.1");
  other.identify("ann");
  {
    const auto mine = allowance();
    EXPECT_FALSE(other.enter());
  }
  EXPECT_TRUE(other.enter());
}

}  // namespace
}  // namespace parley::ingest
