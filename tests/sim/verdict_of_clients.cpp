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

// Where they part, for people.
std::string difference(const Texts& heard, const Texts& due) {
  const auto [at, wanted] = std::ranges::mismatch(heard, due);
  return std::to_string(heard.size()) + " of " + std::to_string(due.size()) + " events; number " +
         std::to_string(at - heard.begin() + 1) + " is\n  " + (at == heard.end() ? "none" : *at) + "\nand should be\n  " +
         (wanted == due.end() ? "none" : *wanted);
}

// Of every channel, the events that have a version, in order.
std::map<std::string, Texts> by_channel(const Texts& events) {
  std::map<std::string, Texts> by_channel;
  for (const auto& event : events)
    if (const auto json = Json::parse(event); json.contains("version"))
      by_channel[json["channel_id"].get<std::string>()].push_back(event);
  return by_channel;
}

bool begins_with(const Texts& all, const Texts& first) {
  return first.size() <= all.size() && std::equal(first.begin(), first.end(), all.begin());
}

bool is_selection_of(const Texts& all, const Texts& some) {
  auto at = all.begin();
  return std::ranges::all_of(some, [&](const auto& one) {
    at = std::find(at, all.end(), one);
    return at != all.end() && at++ != all.end();
  });
}

// What is promised of a socket that a break of the stream may have concerned: each event at most once and in order, and no
// channel goes on behind a version that is missing. Cursors and workspaces have no versions: of them some may be missing.
bool has_no_holes(const Texts& heard, const Texts& due, bool open) {
  if (!is_selection_of(due, heard)) return false;
  auto versions_due = by_channel(due);
  auto versions_heard = by_channel(heard);
  if (open) return versions_heard == versions_due;
  return std::ranges::all_of(versions_heard, [&](const auto& of) { return begins_with(versions_due[of.first], of.second); });
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
      const auto due = truth_.told(client_.user(), partition, begin);
      if (open ? heard == due : begins_with(due, heard)) return;
      if (!system_.faults().keep_streams_whole() && has_no_holes(heard, due, open)) return;
      wrong += "\nfrom " + std::to_string(begin) + " on " + difference(heard, due);
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

void judge_page(const Truth& truth, const std::string& text) {
  const auto page = Json::parse(text);
  const auto channel = core::ChannelId::parse(page["id"].get<std::string>()).value();
  const auto was = truth.messages(channel, {page["version"].get<std::uint64_t>()});
  EXPECT_EQ(page["last_seq"].get<std::uint64_t>(), was.size()) << text;
  std::optional<std::uint64_t> before;
  for (const auto& message : page["messages"]) {
    const auto seq = message["seq"].get<std::uint64_t>();
    if (before) {
      EXPECT_EQ(seq, *before + 1) << "a page with a hole: " << text;
    }
    before = seq;
    const auto found = was.find({seq});
    ASSERT_NE(found, was.end()) << "a message that was not there: " << text;
    EXPECT_EQ(message["text"].get<std::string>(), found->second.text) << text;
    EXPECT_EQ(message["version"].get<std::uint64_t>(), found->second.version.value) << text;
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
    for (const auto& page : client.pages()) judge_page(truth, page);
}

}  // namespace parley::sim
