// Whom an export knows: Slack's users by their ids, and the bots that are met on the way, each with his id in Parley: his
// e-mail address, else the name that he had.
//
// Concurrency: one thread. Limits: memory grows with users.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/ids.hpp"
#include "migrate/slack/fields.hpp"

namespace parley::migrate::slack {

struct Person {
  core::UserId id;
  std::string name;
  std::optional<std::string> avatar_url;
  bool gone = false;   // deactivated
  bool owner = false;  // the workspace's primary one
  bool rules = false;  // another owner
  bool bot = false;
};

class People {
 public:
  // An element of users.json; what is wrong with it, for people; empty: nothing.
  std::string add(const Fields& user);
  // A bot that has no user: known from now on.
  const Person& add_bot(const std::string& bot_id, const std::string& name);

  [[nodiscard]] const Person* find(const std::string& slack_id) const;  // null: unknown
  [[nodiscard]] const Person* find_bot(const std::string& bot_id) const;
  // Who is to own the workspace: its primary owner, else another one, else whoever can. Null: nobody.
  [[nodiscard]] const Person* owner() const;
  [[nodiscard]] const std::deque<Person>& all() const { return people_; }
  // Slack's own id of the workspace; empty: it does not say.
  [[nodiscard]] const std::string& team() const { return team_; }

 private:
  const Person& put(const std::string& slack_id, Person person);
  [[nodiscard]] core::UserId free_id(std::initializer_list<std::string> wishes) const;

  std::deque<Person> people_;  // who is known stays where he is
  std::unordered_map<std::string, std::size_t> by_slack_id_;
  std::unordered_map<std::string, std::size_t> by_bot_id_;
  std::unordered_set<core::UserId> taken_;
  std::string team_;
};

}  // namespace parley::migrate::slack
