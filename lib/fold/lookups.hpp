// What the rules ask of a partition beyond its State: earlier uses of keys, messages, marks, who has a name or an account. They
// are found in the batch under way, as far as it is remembered here, else in the store.
//
// Concurrency: the fold's thread. Ownership: the Store and the State must outlive it. Limits: memory grows with the batch
// alone.
#pragma once

#include <set>
#include <string>
#include <unordered_map>

#include "core/apply.hpp"
#include "fold/projection.hpp"
#include "fold/tables.hpp"

namespace parley::fold {

class Lookups {
 public:
  Lookups(const store::Store& store, const core::State& state, core::Rules rules)
      : store_(store), state_(state), rules_(rules) {}

  // Does the command ask for something that is in the batch and not remembered? Then the batch must be in the store first.
  [[nodiscard]] bool needs_batch(const core::Command& command) const;
  // The facts of the command, whose key is scoped by `scope`.
  store::Stored<core::Facts> facts_of(const core::Command& command, core::StreamId scope) const;

  // --- what the batch holds
  // Posts are most of all commands, and few are asked for again at once: it is only remembered which step made them.
  // REQUIRES: `steps` stays where it is until all of it is committed.
  void posted(const core::Message& message, const std::vector<Step>& steps, std::size_t step);
  void changed(core::Message message);  // without its reactors
  void marked(std::string row_key, bool on) { marks_.insert_or_assign(std::move(row_key), on); }
  void named(std::string row_key, core::Reservation reservation) {
    names_.insert_or_assign(std::move(row_key), std::move(reservation));
  }
  void account(const core::UserId& user, bool exists) { accounts_.insert_or_assign(user, exists); }
  // The messages that name him and that he has not read are others now.
  void mentioned(const core::ChannelId& channel, const core::UserId& user) { mentioned_.emplace(channel, user); }
  // He left: nothing is hidden from him there any more, whatever the store still says.
  void unhidden(const core::ChannelId& channel, const core::UserId& user) { unhidden_.emplace(channel, user); }
  void remember(std::string row_key, core::Earlier earlier) { keys_.insert_or_assign(std::move(row_key), std::move(earlier)); }
  // The row of the first use of a key, at this time of the log.
  [[nodiscard]] std::string key_row(core::TimeMs log_time, core::StreamId scope, const core::Command& command) const;
  // All of it is in the store now.
  void committed();

 private:
  // A channel's posts, without a hole.
  struct Posts {
    core::Seq first;
    std::vector<std::size_t> steps;
  };
  [[nodiscard]] const core::Message* in_batch(const core::MessageRef& ref) const;
  [[nodiscard]] const core::Message* posted(const core::MessageRef& ref) const;
  store::Stored<std::optional<core::Earlier>> earlier(const core::Command& command, core::StreamId scope) const;
  store::Stored<std::optional<core::Message>> message(const core::MessageRef& ref) const;
  store::Stored<bool> mark(const core::Mark& mark, const core::UserId& user) const;
  store::Stored<std::vector<core::Seq>> mentions(const core::Mentions& wanted, const core::UserId& user) const;
  store::Stored<std::optional<core::Reservation>> reservation(const core::SiteName& name) const;
  store::Stored<bool> has_account(const core::UserId& user) const;
  store::Stored<void> name_reactors(core::Message& message) const;

  const store::Store& store_;
  const core::State& state_;
  core::Rules rules_;
  std::unordered_map<core::ChannelId, Posts> posts_;
  const std::vector<Step>* steps_ = nullptr;                  // of the posts
  std::unordered_map<std::string, core::Message> messages_;   // by row key
  std::unordered_map<std::string, bool> marks_;               // by row key
  std::unordered_map<std::string, core::Reservation> names_;  // by row key
  std::unordered_map<core::UserId, bool> accounts_;
  std::set<std::pair<core::ChannelId, core::UserId>> mentioned_;
  std::set<std::pair<core::ChannelId, core::UserId>> unhidden_;
  std::unordered_map<std::string, core::Earlier> keys_;  // by row key
};

}  // namespace parley::fold
