// One user with one device: wants things done, holds a socket now and then, hears events and fetches history.
//
// Concurrency: one thread; answers over HTTP come while a gateway is turned. Limits: a few wishes open at once.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "tests/sim/gateway.hpp"
#include "tests/sim/wish.hpp"

namespace parley::sim {

// A socket's life, as the client saw it.
struct Session {
  std::shared_ptr<Wire> wire;
  std::uint64_t connection = 0;     // 0: no hello yet
  std::vector<std::string> events;  // as they came
  bool left = false;                // by the client
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
  // Every wish is answered or given up.
  [[nodiscard]] bool is_content() const;

  [[nodiscard]] const core::UserId& user() const { return user_; }
  [[nodiscard]] Wishes& wishes() { return maker_; }
  // What it has to tell when all is over.
  [[nodiscard]] const std::deque<Wish>& wanted() const { return wishes_; }
  [[nodiscard]] const std::deque<Session>& sessions() const { return sessions_; }
  [[nodiscard]] const std::vector<std::string>& pages() const { return pages_; }
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  static constexpr std::uint64_t kPatience = 150;  // steps, until it sends again
  static constexpr std::size_t kOpenWishes = 4;

  Session* session();
  void connect(Gateway& nearest, std::size_t shard);
  void lose_session();
  bool read(std::size_t most);
  void hear(const std::string& text);
  void hear_event(const std::string& text);
  bool send_due(Gateway& nearest, std::size_t shard);
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
  std::vector<std::string> pages_;       // of history, as they came
  std::vector<std::string> complaints_;  // what no server should do
};

}  // namespace parley::sim
