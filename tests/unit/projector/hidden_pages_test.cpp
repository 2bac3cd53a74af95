// Who walks through a channel, or a thread of it, comes to all that he has not hidden one by one, also as of the past: no page
// that has more behind it is empty.
#include <gmock/gmock.h>

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
constexpr std::uint64_t kMessages = 16;
constexpr std::uint64_t kThen = 12;  // so many there were at the earlier time

class HiddenPages : public ::testing::Test {
 protected:
  HiddenPages() {
    say(alice, core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group, .members = {bob}});
    for (std::uint64_t seq = 1; seq <= kMessages; ++seq) {
      say(alice, core::PostMessage{.channel = group, .text = "x", .reply_to = {answers_first(seq) ? 1U : 0U}});
      if (seq == kThen) then_ = records_.size();
    }
    for (const auto seq : hidden_) say(bob, core::HideMessage{group, {seq}});
  }
  void say(const core::UserId& user, core::Payload payload) {
    records_.add(sender_.command(user, std::move(payload)));
    EXPECT_EQ(partition_.fold(records_.all()).back().decision.outcome.status, core::Status::Accepted);
  }
  static bool answers_first(std::uint64_t seq) { return seq > 1 && seq % 5 != 1; }
  pb::MessagesAnswer ask(const pb::GetMessages& query) {
    pb::ReadRequest request;
    *request.mutable_get_messages() = query;
    const auto snapshot = partition_.store().snapshot();
    const auto response = Queries(*snapshot, bob.text).answer(request);
    EXPECT_TRUE(response && response->status() == pb::READ_STATUS_OK);
    return response->messages();
  }
  static std::vector<std::uint64_t> seqs_of(const pb::MessagesAnswer& answer) {
    std::vector<std::uint64_t> seqs;
    for (const auto& message : answer.messages()) seqs.push_back(message.seq());
    return seqs;
  }
  [[nodiscard]] std::vector<std::uint64_t> seen(const pb::GetMessages& query) const {
    std::vector<std::uint64_t> seqs;
    for (std::uint64_t seq = 1; seq <= (query.has_as_of() ? kThen : kMessages); ++seq)
      if (!hidden_.contains(seq) && (!query.has_reply_to() || answers_first(seq))) seqs.push_back(seq);
    return seqs;
  }
  std::vector<std::uint64_t> walk(pb::GetMessages query, bool forward) {
    std::vector<std::uint64_t> all;
    if (forward) query.set_after(0);
    for (;;) {
      const auto answer = ask(query);
      const auto seqs = seqs_of(answer);
      all.insert(forward ? all.end() : all.begin(), seqs.begin(), seqs.end());
      if (!(forward ? answer.has_after() : answer.has_before())) return all;
      if (seqs.empty()) {
        ADD_FAILURE() << "nothing to go on from: " << query.ShortDebugString();
        return all;
      }
      forward ? query.set_after(seqs.back()) : query.set_before(seqs.front());
    }
  }
  // A channel and a thread, now and then.
  template <class Check>
  void each_query(Check check) {
    for (const bool in_thread : {false, true})
      for (const bool in_past : {false, true})
        for (const std::uint32_t limit : {1, 2, 3, 50}) {
          pb::GetMessages query;
          query.set_channel(std::string(group.bytes()));
          query.set_limit(limit);
          if (in_thread) query.set_reply_to(1);
          if (in_past) query.mutable_as_of()->set_next_offset(then_);
          check(query);
        }
  }

  const std::set<std::uint64_t> hidden_{1, 2, 3, 4, 8, 9, 10, 14, 16};
  fold::Sender sender_;
  fold::Records records_;
  ReadTables tables_;
  fold::Partition partition_{fold::kControl, &tables_};
  std::uint64_t then_ = 0;
};

TEST_F(HiddenPages, AWalkComesToAllThatIsSeen) {
  each_query([&](const pb::GetMessages& query) {
    EXPECT_EQ(walk(query, false), seen(query)) << query.ShortDebugString();
    EXPECT_EQ(walk(query, true), seen(query)) << query.ShortDebugString();
  });
}

TEST_F(HiddenPages, AroundAnyPlaceThereIsSomethingToGoOnFrom) {
  each_query([&](pb::GetMessages query) {
    for (std::uint64_t seq = 1; seq <= (query.has_as_of() ? kThen : kMessages); ++seq) {
      if (query.limit() == 1 && seq > seen(query).back()) continue;  // half of one is none, and from here on is nothing
      query.set_around(seq);
      EXPECT_THAT(seqs_of(ask(query)), ::testing::Not(::testing::IsEmpty())) << query.ShortDebugString();
    }
  });
}

TEST_F(HiddenPages, TheInboxShowsTheLastThatIsSeenNearTheEnd) {
  const auto shown = [&] {
    pb::ReadRequest request;
    request.mutable_list_inbox();
    const auto snapshot = partition_.store().snapshot();
    const auto response = Queries(*snapshot, bob.text).answer(request);
    EXPECT_EQ(response->inbox().entries_size(), 1);
    const auto& entry = response->inbox().entries(0);
    return entry.has_last_message() ? entry.last_message().seq() : 0;
  };
  EXPECT_EQ(shown(), 15U);
  for (std::uint64_t seq = kMessages + 1; seq <= kMessages + 49; ++seq) {
    say(alice, core::PostMessage{.channel = group, .text = "x"});
    say(bob, core::HideMessage{group, {seq}});
  }
  EXPECT_EQ(shown(), 0U) << "the one before is hidden too, and further back nothing is looked for";
  say(alice, core::PostMessage{.channel = group, .text = "x"});
  EXPECT_EQ(shown(), kMessages + 50);
}

TEST_F(HiddenPages, OfAThreadItIsToldExactlyWhetherMoreIsSeen) {
  pb::GetMessages query;
  query.set_channel(std::string(group.bytes()));
  query.set_reply_to(1);
  query.set_limit(2);
  query.set_after(0);
  const auto first = ask(query);
  EXPECT_EQ(seqs_of(first), (std::vector<std::uint64_t>{5, 7}));
  EXPECT_FALSE(first.has_before());
  EXPECT_TRUE(first.has_after());
  query.set_after(13);
  const auto last = ask(query);
  EXPECT_EQ(seqs_of(last), (std::vector<std::uint64_t>{15}));
  EXPECT_FALSE(last.has_after());
}

}  // namespace
}  // namespace parley::projector
