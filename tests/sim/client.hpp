// One user with one device: wants things done, holds a socket now and then, hears events and fetches history.
//
// Concurrency: one thread; answers over HTTP come while a gateway is turned. Limits: a few wishes open at once.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "tests/sim/gateway.hpp"
#include "tests/sim/wish.hpp"

namespace parley::sim {

// Of channels, the last version that was seen.
using Seen = std::map<core::ChannelId, core::Version>;

// What came of one resume.
struct Resumption {
  Seen asked;
  std::vector<std::string> missed;  // as they came
  bool answered = false;            // with ok
  Seen now;
  std::set<core::ChannelId> reset;
};

// A socket's life, as the client saw it.
struct Session {
  std::shared_ptr<Wire> wire;
  bool resumes = false;
  std::uint64_t connection = 0;     // 0: no hello yet
  std::vector<std::string> events;  // as they came; of one that resumes, those behind the ok
  std::vector<Resumption> resumptions;
  bool asking = false;  // the last of them has no answer yet
  bool left = false;    // by the client

  // Nothing is held back.
  [[nodiscard]] bool is_live() const { return !resumes || (!resumptions.empty() && resumptions.back().answered); }
};

// A page of history, and what was to be in it at least.
struct Page {
  std::string text;
  std::string min_position;
};

class Client {
 public:
  // `now` counts the run's steps.
  Client(core::UserId user, Places& places, bool is_slow, std::int64_t time_ms, const std::uint64_t& now);

  // Does something, or nothing.
  void act(Dice& dice, Gateway& nearest);
  // Reads all there is, connects if need be, and sends what is to be sent. False: there was nothing to do.
  bool tidy_up(Gateway& nearest);
  void want(Wish wish) { wishes_.push_back(std::move(wish)); }
  // What was sent and not answered is sent again.
  void insist();
  // Hangs up, and knows only what it knew at some time before: so does a device that was switched off for long.
  void fall_asleep();
  // Every wish is answered or given up.
  [[nodiscard]] bool is_content() const;

  [[nodiscard]] const core::UserId& user() const { return user_; }
  [[nodiscard]] Wishes& wishes() { return maker_; }
  // What it has to tell when all is over.
  [[nodiscard]] const std::deque<Wish>& wanted() const { return wishes_; }
  [[nodiscard]] const std::deque<Session>& sessions() const { return sessions_; }
  [[nodiscard]] const std::vector<Page>& pages() const { return pages_; }
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  static constexpr std::uint64_t kPatience = 150;  // steps, until it sends again
  static constexpr std::size_t kOpenWishes = 6;

  Session* session();
  void connect(Gateway& nearest, std::size_t shard, bool resumes);
  void come_back(Dice& dice, Gateway& nearest, std::size_t shard);
  void lose_session();
  void ask_to_resume();
  void resumed(const std::string& type, const std::string& text);
  void see(const std::string& text);
  bool read(std::size_t most);
  void hear(const std::string& text);
  void hear_event(const std::string& text);
  bool send_due(Gateway& nearest, std::size_t shard);
  bool may_speak();
  void send(Wish& wish, Gateway& nearest, std::size_t shard);
  void ask_for_history(Dice& dice);
  void answered(std::uint64_t number, const net::HttpResponse& response);
  void settle(std::uint64_t number, Answer answer);
  static void again(Wish& wish);

  core::UserId user_;
  Places& places_;
  bool is_slow_;
  const std::uint64_t& now_;
  std::string token_;
  Wishes maker_;
  std::deque<Wish> wishes_;
  std::deque<Session> sessions_;
  Seen seen_;                            // as it is up to date with
  Seen earlier_;                         // as it was at some time
  std::vector<Page> pages_;              // as they came
  std::vector<std::string> complaints_;  // what no server should do
};

}  // namespace parley::sim
