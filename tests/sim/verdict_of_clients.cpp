#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/position.hpp"
#include "tests/sim/verdict.hpp"

namespace parley::sim {

using Json = nlohmann::json;

namespace {

using Texts = std::vector<std::string>;

std::uint32_t partition_of(const std::string& event) {
  return codec::Position::parse(Json::parse(event)["position"].get<std::string>()).value().partition;
}

bool closes_in_good_faith(std::uint16_t code, const Faults& faults) {
  using codec::CloseCode;
  if (code == 1006) return faults.gateway_killed > 0;
  if (code == static_cast<std::uint16_t>(CloseCode::Restarting)) return !faults.keep_streams_whole();
  return code == static_cast<std::uint16_t>(CloseCode::SlowConsumer);
}

class SocketVerdict {
 public:
  SocketVerdict(const System& system, const Truth& truth, const Client& client, const Session& session)
      : system_(system), truth_(truth), client_(client), session_(session) {}

  void judge() const {
    const auto& wire = *session_.wire;
    const bool open = !wire.closed && !session_.left;
    if (open) {
      EXPECT_NE(session_.connection, 0U) << client_.user().text << " waits for hello for ever";
      EXPECT_TRUE(session_.is_live()) << client_.user().text << " waits for what it missed for ever";
    }
    if (wire.closed && !session_.left) {
      EXPECT_TRUE(closes_in_good_faith(*wire.closed, system_.faults())) << "closed with " << *wire.closed << " without a cause";
    }
    if (session_.connection == 0) return;
    for (std::uint32_t partition = 0; partition < system_.control().partitions; ++partition) judge(partition, open);
  }

 private:
  void judge(std::uint32_t partition, bool open) const {
    Texts heard;
    std::ranges::copy_if(session_.events, std::back_inserter(heard),
                         [&](const auto& event) { return partition_of(event) == partition; });
    std::string wrong;
    for (const auto begin : system_.begins(session_, partition)) {
      auto of_resumes = wrong_with_resumes(system_, truth_, client_, session_, partition, begin);
      const auto due = truth_.told(client_.user(), partition, begin);
      if (of_resumes.empty() && (open ? is_all(due, heard) : begins_with(due, heard))) return;
      wrong += "\nfrom " + std::to_string(begin) + " on " + (of_resumes.empty() ? difference(heard, due) : of_resumes);
    }
    ADD_FAILURE() << "a socket of " << client_.user().text << ", partition " << partition << ", " << (open ? "open" : "closed")
                  << ": " << (wrong.empty() ? "it was never attached" : wrong);
  }

  const System& system_;
  const Truth& truth_;
  const Client& client_;
  const Session& session_;
};

void judge_answer(const Truth& truth, const Client& client, const Wish& wish) {
  const auto& answer = *wish.answer;
  const auto what = client.user().text + "'s " + std::to_string(wish.number) + ", " + wish.frame + wish.request.target;
  const auto times = wish.text.empty() ? 0 : truth.times_posted(wish.text);
  EXPECT_LE(times, 1U) << what << " happened more than once";
  if (answer.accepted && !wish.text.empty()) {
    EXPECT_EQ(times, 1U) << what << " was acknowledged and is not there";
  }
  if (wish.erases) return;  // verdict_of_erasures.cpp
  if (answer.position.empty()) {
    EXPECT_FALSE(answer.accepted) << what << " has no position";
    return;
  }
  const auto position = codec::Position::parse(answer.position).value();
  const auto* step = truth.step(position.partition, position.next - 1);
  ASSERT_NE(step, nullptr) << what << " is not in the log at " << answer.position;
  EXPECT_EQ(step->command.user, client.user()) << what;
  EXPECT_EQ(step->command.key, wish.key) << what;
  EXPECT_EQ(step->decision.outcome.status == core::Status::Accepted, answer.accepted) << what;
  EXPECT_EQ(step->decision.duplicate, answer.duplicate) << what;
  if (answer.seq && !wish.text.empty()) {
    EXPECT_EQ(step->decision.outcome.seq.value, *answer.seq) << what;
  }
}

// As it was at its version: of what is erased from somewhere behind that on it may have the words or not, but never those that
// were gone before `min_position`.
void judge_page(const System& system, const Truth& truth, const Page& asked) {
  const auto page = Json::parse(asked.text);
  const auto channel =
      core::ChannelId::parse(page["messages"].empty() ? std::string() : page["messages"][0]["channel_id"].get<std::string>());
  if (!channel) return;
  const auto partition = core::partition_of(channel->slot(), system.control().partitions);
  std::uint64_t from = 0;
  for (const auto& position : codec::parse_positions(asked.min_position).value_or(std::vector<codec::Position>{}))
    if (position.partition == partition) from = position.next;
  const auto was = truth.room(*channel)->messages({page["version"].get<std::uint64_t>()});
  EXPECT_EQ(page["last_seq"].get<std::uint64_t>(), was.size()) << asked.text;
  std::optional<std::uint64_t> before;
  for (const auto& message : page["messages"]) {
    const auto seq = message["seq"].get<std::uint64_t>();
    if (before) {
      EXPECT_EQ(seq, *before + 1) << "a page with a hole: " << asked.text;
    }
    before = seq;
    const auto found = was.find({seq});
    ASSERT_NE(found, was.end()) << "a message that was not there: " << asked.text;
    const auto& [form, offset, erased_at] = found->second;
    const bool erased = message.value("erased", false);
    EXPECT_TRUE(erased == form.erased || (erased && erased_at)) << asked.text;
    EXPECT_FALSE(!erased && erased_at && *erased_at < from) << "erased before " << asked.min_position << ": " << asked.text;
    EXPECT_EQ(message["text"].get<std::string>(), erased ? "" : form.text) << asked.text;
    EXPECT_EQ(message["version"].get<std::uint64_t>(), form.version.value) << asked.text;
  }
}

}  // namespace

void judge_sockets(const System& system, const Truth& truth) {
  for (const auto& client : system.clients()) {
    for (const auto& complaint : client.complaints()) ADD_FAILURE() << client.user().text << ": " << complaint;
    for (const auto& session : client.sessions()) SocketVerdict(system, truth, client, session).judge();
  }
}

void judge_answers(const System& system, const Truth& truth) {
  for (const auto& client : system.clients())
    for (const auto& wish : client.wanted()) {
      if (wish.answer) judge_answer(truth, client, wish);
      EXPECT_TRUE(wish.answer || wish.given_up) << wish.key << " was never answered";
    }
}

void judge_pages(const System& system, const Truth& truth) {
  for (const auto& client : system.clients())
    for (const auto& page : client.pages()) judge_page(system, truth, page);
}

}  // namespace parley::sim
