// That the runs meet what they are made to meet: what happened in all of them, counted.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "tests/sim/system.hpp"
#include "tests/sim/truth.hpp"

namespace parley::sim {

class Tally {
 public:
  void add(const System& system, const Truth& truth) {
    for (const auto& client : system.clients()) add(client);
    dead_words_ += truth.dead_words().size();
    const auto& ended = system.ended_in_erasure();
    ended_.projector += ended.projector;
    ended_.broadcaster += ended.broadcaster;
    ended_.gateway += ended.gateway;
  }
  // REQUIRES: it is of a hundred runs.
  void judge() const {
    judge("accepted", accepted_, 5'000);
    judge("rejected", rejected_, 2'000);
    judge("duplicates", duplicates_, 1'000);
    judge("events", events_, 5'000);
    judge("pages", pages_, 500);
    judge("cursors, told to their user", cursors_, 100);
    judge("cursors, told to an author", receipts_, 30);
    judge("resumes", resumes_, 1'000);
    judge("resumes that broke off", broken_resumes_, 100);
    judge("events that were missed and resumed", missed_, 5'000);
    judge("channels joined while away", joined_meanwhile_, 100);
    judge("channels left while away", left_meanwhile_, 100);
    judge("gaps that can't be resumed", gaps_, 100);
    judge("erasures", erasures_, 100);
    judge("texts and names erased", dead_words_, 500);
    judge("projectors that ended in an erasure", ended_.projector, 50);
    judge("broadcasters that ended in an erasure", ended_.broadcaster, 50);
    judge("gateways that ended in an erasure", ended_.gateway, 50);
    for (const auto& [code, name] : {std::pair{1006, "1006"}, {1012, "1012"}, {4408, "4408"}}) {
      const auto found = closed_.find(static_cast<std::uint16_t>(code));
      judge(name, found == closed_.end() ? 0 : found->second, 50);
    }
  }

 private:
  static void judge(const char* what, std::size_t count, std::size_t least) {
    std::printf("%8zu %s\n", count, what);
    EXPECT_GE(count, least) << what;
  }
  void add(const Client& client) {
    for (const auto& wish : client.wanted()) {
      if (!wish.answer) continue;
      ++(wish.answer->accepted ? accepted_ : rejected_);
      duplicates_ += wish.answer->duplicate ? 1 : 0;
      erasures_ += wish.erases && wish.answer->accepted ? 1 : 0;
    }
    for (const auto& session : client.sessions()) {
      if (session.wire->closed) ++closed_[*session.wire->closed];
      for (const auto& event : session.events) add(client.user(), event);
      for (const auto& resumption : session.resumptions) add(resumption);
    }
    pages_ += client.pages().size();
  }
  void add(const core::UserId& user, std::string_view event) {
    ++events_;
    if (!event.contains(R"("read_marked")") && !event.contains(R"("delivered_marked")")) return;
    ++(event.contains(R"("user_id":")" + user.text + '"') ? cursors_ : receipts_);
  }
  void add(const Resumption& resumption) {
    ++(resumption.answered ? resumes_ : broken_resumes_);
    missed_ += resumption.missed.size();
    for (const auto& channel : resumption.reset) ++(resumption.asked.contains(channel) ? gaps_ : joined_meanwhile_);
    for (const auto& [channel, version] : resumption.asked)
      left_meanwhile_ += resumption.answered && !resumption.now.contains(channel) ? 1 : 0;
  }

  std::size_t accepted_ = 0, rejected_ = 0, duplicates_ = 0, events_ = 0, pages_ = 0, cursors_ = 0, receipts_ = 0;
  std::size_t resumes_ = 0, broken_resumes_ = 0, missed_ = 0, joined_meanwhile_ = 0, left_meanwhile_ = 0, gaps_ = 0;
  std::size_t erasures_ = 0, dead_words_ = 0;
  EndedInErasure ended_;
  std::map<std::uint16_t, std::size_t> closed_;
};

}  // namespace parley::sim
