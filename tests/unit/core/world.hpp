// A fold without a log or a store, for tests of the rules: looks up the facts, applies, remembers.
//
// Operation: a key's outcome and the newest form of every message are kept in maps, for ever. Concurrency: one thread.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "core/apply.hpp"

namespace parley::core {

class World {
 public:
  explicit World(Rules rules = {}) : rules_(rules) {}

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const Rules& rules() const { return rules_; }
  [[nodiscard]] const Message* message(const ChannelId& channel, Seq seq) const {
    const auto found = messages_.find({channel, seq});
    return found == messages_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] Facts facts(const Command& command) const {
    Facts facts;
    if (const auto found = keys_.find(key_of(command)); found != keys_.end()) facts.earlier = found->second;
    if (const auto wanted = wanted_message(state_, command)) {
      if (const auto* found = message(wanted->channel, wanted->seq)) facts.message = *found;
    }
    if (wants_account(command)) facts.has_account = accounts_.contains(command.user);
    if (const auto* wanted = wanted_name(command)) {
      if (const auto found = names_.find({wanted->space, wanted->name}); found != names_.end())
        facts.reservation = found->second;
    }
    if (const auto wanted = wanted_mentions(state_, command)) facts.mentions = unread_mentions(*wanted, command.user);
    if (const auto mark = wanted_mark(command)) facts.marked = marks_.contains(mark_of(*mark, command.user));
    return facts;
  }

  Decision run(const Command& command) {
    const auto facts_now = facts(command);
    const auto key = key_of(command);
    auto decision = apply(state_, rules_, command, facts_now);
    for (const auto& change : decision.changes) {
      std::visit([this](const auto& body) { remember(body); }, change.body);
      remember_mark(change);
      if (const auto* erased = std::get_if<UserErased>(&change.body)) forget(erased->user);
      if (const auto* created = std::get_if<AccountCreated>(&change.body)) accounts_.insert(created->user);
      if (const auto* named = std::get_if<NameChanged>(&change.body))
        names_.insert_or_assign({named->name.space, named->name.name}, named->reservation);
    }
    const bool is_first = !decision.duplicate && decision.outcome.code != Code::KeyReused;
    if (!command.key.empty() && is_first) {
      keys_.insert_or_assign(key, Earlier{command.payload_hash, state_.log_time(), command.id, decision.outcome});
    }
    return decision;
  }

  // From the messages alone, as someone who reads them all would find them.
  [[nodiscard]] std::vector<Seq> unread_mentions(const Mentions& wanted, const UserId& user) const {
    std::vector<Seq> seqs;
    for (const auto& [at, message] : messages_)
      if (at.first == wanted.channel && at.second <= wanted.up_to &&
          std::ranges::find(message.mentions, user) != message.mentions.end() &&
          unread_mention(*state_.channel(wanted.channel), message, user) != nullptr)
        seqs.push_back(at.second);
    return seqs;
  }

 private:
  using Key = std::tuple<StreamId, UserId, std::string>;

  [[nodiscard]] Key key_of(const Command& command) const { return {stream_in(state_, command), command.user, command.key}; }

  template <class Body>
  void remember(const Body& body) {
    if constexpr (requires { body.message; })
      messages_.insert_or_assign({body.message.channel, body.message.seq}, body.message);
  }

  void forget(const UserId& user) {
    accounts_.erase(user);
    for (auto& [ref, message] : messages_)
      if (message.author == user) message = without_words(std::move(message));
    for (auto& [key, earlier] : keys_)
      if (std::get<UserId>(key) == user) earlier.outcome = without_words(std::move(earlier.outcome));
  }

  using MarkKey = std::tuple<ChannelId, Seq, std::string, UserId>;

  static MarkKey mark_of(const Mark& mark, const UserId& user) {
    return {mark.message.channel, mark.message.seq, std::string(mark.emoji), user};
  }
  void remember_mark(const Change& change) {
    if (const auto* hidden = std::get_if<MessageHidden>(&change.body))
      marks_.insert({change.channel(), hidden->seq, "", change.actor});
    if (const auto* left = std::get_if<MemberLeft>(&change.body))
      std::erase_if(marks_, [&](const MarkKey& mark) {
        const auto& [channel, seq, emoji, user] = mark;
        return channel == change.channel() && emoji.empty() && user == left->user;
      });
    const auto* reacted = std::get_if<ReactionChanged>(&change.body);
    if (reacted == nullptr) return;
    const MarkKey mark{change.channel(), reacted->message.seq, reacted->emoji, change.actor};
    reacted->on ? void(marks_.insert(mark)) : void(marks_.erase(mark));
  }

  Rules rules_;
  State state_;
  std::set<MarkKey> marks_;
  std::map<std::pair<ChannelId, Seq>, Message> messages_;
  std::map<Key, Earlier> keys_;
  std::map<std::pair<std::string, std::string>, Reservation> names_;
  std::set<UserId> accounts_;
};

// The stream that a client's command is keyed by: what its payload names, else the user's own.
inline StreamId stream_for(const UserId& user, const Payload& payload) {
  return std::visit(
      [&](const auto& p) {
        if constexpr (requires { p.channel; }) {
          if constexpr (requires { p.workspace; }) {
            if (p.workspace) return stream_of(*p.workspace);
          }
          return stream_of(p.channel);
        } else if constexpr (requires { p.workspace; }) {
          return stream_of(p.workspace);
        } else if constexpr (requires { p.keys_before; }) {
          return erasure_stream(p.user, p.slot);
        } else if constexpr (requires { p.name.space; }) {
          return name_stream(p.name.space, p.name.name);
        } else {
          return user_stream(user);
        }
      },
      payload);
}

}  // namespace parley::core
