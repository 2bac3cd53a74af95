// Pages that begin or end at a message's number, against a look at every message: whatever the clocks said, whatever is hidden,
// in a channel and in a thread of it.
#include <gmock/gmock.h>

#include "codec/message_row.hpp"
#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {
namespace {

const core::UserId alice{"alice"};
const core::UserId bob{"bob"};
const core::ChannelId group = core::group_id(alice, "g");
constexpr std::uint64_t kMessages = 40;

struct Page {
  std::vector<std::uint64_t> seqs;
  bool has_before = false;
  bool has_after = false;
  bool operator==(const Page&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Page& page) {
  for (const auto seq : page.seqs) out << seq << " ";
  return out << (page.has_before ? "has_before " : "") << (page.has_after ? "has_after" : "");
}

class SinceUntil : public ::testing::Test {
 protected:
  SinceUntil() {
    say(alice, core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group, .members = {bob}});
    for (std::uint64_t i = 0; i < kMessages; ++i) {
      // Some in one millisecond, some behind, some with a gap; every third answers the first.
      sender_.now.value += i % 7 == 0 ? 3 : i % 5 == 0 ? -20 : i % 2;
      sender_.now.value -= 1'000;
      say(alice, core::PostMessage{.channel = group, .text = "x", .reply_to = {i % 3 == 1 ? 1U : 0U}});
    }
    say(alice, core::EditMessage{.channel = group, .seq = {5}, .text = "y"});
    say(alice, core::RetractMessage{group, {9}});
    for (const std::uint64_t seq : {11, 12, 13, 14, 40}) say(bob, core::HideMessage{group, {seq}});
    load_numbers();
  }
  void say(const core::UserId& user, core::Payload payload) {
    records_.add(sender_.command(user, std::move(payload)));
    EXPECT_EQ(partition_.fold(records_.all()).back().decision.outcome.status, core::Status::Accepted);
  }
  void load_numbers() {
    for (std::uint64_t seq = 1; seq <= kMessages; ++seq) {
      const auto row = partition_.store().get(fold::id(fold::Table::Messages), fold::message_key(group, {seq}));
      numbers_.push_back(codec::number_of(**row).value);
    }
  }
  Page ask(const core::UserId& caller, pb::GetMessages query) {
    query.set_channel(std::string(group.bytes()));
    pb::ReadRequest request;
    *request.mutable_get_messages() = query;
    const auto snapshot = partition_.store().snapshot();
    const auto response = Queries(*snapshot, caller.text).answer(request);
    EXPECT_TRUE(response && response->status() == pb::READ_STATUS_OK);
    Page page{{}, response->messages().has_before(), response->messages().has_after()};
    for (const auto& message : response->messages().messages()) page.seqs.push_back(message.seq());
    return page;
  }
  // Every number that there is, those beside it, and far off.
  [[nodiscard]] std::set<std::uint64_t> places() const {
    std::set<std::uint64_t> all{0, 1, 9'007'199'254'740'991};
    for (const auto number : numbers_)
      for (const auto beside : {number - 1, number, number + 1}) all.insert(beside);
    return all;
  }
  [[nodiscard]] std::uint64_t seqs_below(std::uint64_t number) const {
    return static_cast<std::uint64_t>(std::ranges::count_if(numbers_, [&](auto one) { return one < number; }));
  }

  fold::Sender sender_;
  fold::Records records_;
  ReadTables tables_;
  fold::Partition partition_{fold::kControl, &tables_};
  std::vector<std::uint64_t> numbers_;  // by seq - 1
};

TEST_F(SinceUntil, NumbersRise) {
  EXPECT_TRUE(std::ranges::is_sorted(numbers_, std::less_equal{}));
  EXPECT_LT(numbers_.back() - numbers_.front(), 3 * kMessages);
}

TEST_F(SinceUntil, APageIsTheOneThatASeqWouldHaveGiven) {
  for (const auto number : places())
    for (const std::uint32_t limit : {1, 2, 7, 200})
      for (const auto& caller : {alice, bob})
        for (const bool in_thread : {false, true}) {
          pb::GetMessages query;
          query.set_limit(limit);
          if (in_thread) query.set_reply_to(1);
          auto since = query;
          auto after = query;
          since.set_since(number);
          after.set_after(seqs_below(number));
          EXPECT_EQ(ask(caller, since), ask(caller, after)) << number;
          auto until = query;
          auto before = query;
          until.set_until(number);
          before.set_before(seqs_below(number + 1) + 1);
          EXPECT_EQ(ask(caller, until), ask(caller, before)) << number;
        }
}

TEST_F(SinceUntil, BothEndsAreInclusive) {
  pb::GetMessages query;
  query.set_limit(3);
  query.set_since(numbers_[4]);
  EXPECT_EQ(ask(alice, query), (Page{{5, 6, 7}, true, true}));
  query.clear_since();
  query.set_until(numbers_[4]);
  EXPECT_EQ(ask(alice, query), (Page{{3, 4, 5}, true, true}));
}

TEST_F(SinceUntil, WhatIsHiddenIsPassedOver) {
  pb::GetMessages query;
  query.set_limit(2);
  query.set_since(numbers_[10]);
  EXPECT_EQ(ask(bob, query), (Page{{15, 16}, true, true})) << "11 to 14 are hidden";
  query.clear_since();
  query.set_until(numbers_[13]);
  EXPECT_EQ(ask(bob, query), (Page{{9, 10}, true, true}));
}

}  // namespace
}  // namespace parley::projector
