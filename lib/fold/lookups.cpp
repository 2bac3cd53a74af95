#include "fold/lookups.hpp"

#include <algorithm>

#include "codec/rows.hpp"

namespace parley::fold {
namespace {

std::string row_key(const core::MessageRef& ref) { return std::string(message_key(ref.channel, ref.seq).view()); }

std::string key_row_in(std::uint32_t bucket, core::StreamId scope, const core::Command& command) {
  Key key;
  key.number(bucket, 4).add(scope).add(command.user).raw(command.key);
  return std::string(key.view());
}

std::unexpected<store::StoreError> damaged(Table table) {
  return std::unexpected(store::StoreError{"a row of table " + std::string(name(table)) + " is damaged"});
}

}  // namespace

const core::Message* Lookups::in_batch(const core::MessageRef& ref) const {
  const auto found = messages_.empty() ? messages_.end() : messages_.find(row_key(ref));
  return found != messages_.end() ? &found->second : posted(ref);
}

const core::Message* Lookups::posted(const core::MessageRef& ref) const {
  const auto found = posts_.find(ref.channel);
  if (found == posts_.end() || ref.seq < found->second.first) return nullptr;
  const auto index = ref.seq.value - found->second.first.value;
  if (index >= found->second.steps.size()) return nullptr;
  for (const auto& change : (*steps_)[found->second.steps[index]].decision.changes)
    if (const auto* post = std::get_if<core::MessagePosted>(&change.body)) return &post->message;
  return nullptr;
}

void Lookups::posted(const core::Message& message, const std::vector<Step>& steps, std::size_t step) {
  auto [found, is_first] = posts_.try_emplace(message.channel);
  if (is_first) found->second.first = message.seq;
  found->second.steps.push_back(step);
  steps_ = &steps;
}

bool Lookups::needs_batch(const core::Command& command) const {
  if (std::holds_alternative<core::EraseUser>(command.payload)) return true;  // it asks for everything
  if (!mentioned_.empty())
    if (const auto wanted = core::wanted_mentions(state_, command);
        wanted && mentioned_.contains({wanted->channel, command.user}))
      return true;
  if (!unhidden_.empty())
    if (const auto* hide = std::get_if<core::HideMessage>(&command.payload))
      if (unhidden_.contains({hide->channel, command.user})) return true;
  return core::wanted_message(state_, command) && core::wants_reactors(command) && !marks_.empty();
}

store::Stored<core::Facts> Lookups::facts_of(const core::Command& command, core::StreamId scope) const {
  core::Facts facts;
  if (!command.key.empty()) {
    auto found = earlier(command, scope);
    if (!found) return std::unexpected(found.error());
    facts.earlier = std::move(*found);
  }
  if (const auto wanted = core::wanted_message(state_, command)) {
    auto found = message(*wanted);
    if (!found) return std::unexpected(found.error());
    facts.message = std::move(*found);
  }
  if (facts.message && core::wants_reactors(command))
    if (auto named = name_reactors(*facts.message); !named) return std::unexpected(named.error());
  if (const auto wanted = core::wanted_mark(command)) {
    const auto found = mark(*wanted, command.user);
    if (!found) return std::unexpected(found.error());
    facts.marked = *found;
  }
  if (core::wants_account(command)) {
    const auto found = has_account(command.user);
    if (!found) return std::unexpected(found.error());
    facts.has_account = *found;
  }
  if (const auto* wanted = core::wanted_name(command)) {
    auto found = reservation(*wanted);
    if (!found) return std::unexpected(found.error());
    facts.reservation = std::move(*found);
  }
  if (const auto wanted = core::wanted_mentions(state_, command)) {
    auto found = mentions(*wanted, command.user);
    if (!found) return std::unexpected(found.error());
    facts.mentions = std::move(*found);
  }
  return facts;
}

std::string Lookups::key_row(core::TimeMs log_time, core::StreamId scope, const core::Command& command) const {
  return key_row_in(key_bucket(log_time, rules_.dedup_window_ms), scope, command);
}

store::Stored<std::optional<core::Earlier>> Lookups::earlier(const core::Command& command, core::StreamId scope) const {
  const auto now = std::max(state_.log_time(), command.received_at);
  const auto bucket = key_bucket(now, rules_.dedup_window_ms);
  for (const auto b : {bucket, bucket - 1}) {
    const auto key = key_row_in(b, scope, command);
    if (const auto it = keys_.find(key); it != keys_.end()) return it->second;
    auto row = store_.get(id(Table::Keys), key);
    if (!row) return std::unexpected(row.error());
    if (!*row) continue;
    auto found = codec::decode_key(**row);
    if (!found) return damaged(Table::Keys);
    return found;
  }
  return std::nullopt;
}

store::Stored<std::optional<core::Message>> Lookups::message(const core::MessageRef& ref) const {
  if (const auto* changed = in_batch(ref)) return *changed;
  auto row = store_.get(id(Table::Messages), message_key(ref.channel, ref.seq));
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  auto message = codec::decode_message(ref.channel, ref.seq, **row);
  if (!message) return damaged(Table::Messages);
  return message;
}

store::Stored<bool> Lookups::mark(const core::Mark& mark, const core::UserId& user) const {
  const auto& [channel, seq] = mark.message;
  const bool hidden = mark.emoji.empty();
  const auto key = hidden ? user_seq_key(channel, user, seq) : reaction_key(channel, seq, mark.emoji, user);
  if (const auto it = marks_.find(std::string(key.view())); it != marks_.end()) return it->second;
  const auto row = store_.get(id(hidden ? Table::Hidden : Table::Reactions), key);
  if (!row) return std::unexpected(row.error());
  return row->has_value();
}

store::Stored<std::optional<core::Reservation>> Lookups::reservation(const core::SiteName& name) const {
  const auto key = name_key(name);
  if (const auto it = names_.find(std::string(key.view())); it != names_.end()) return it->second;
  auto row = store_.get(id(Table::Names), key);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  auto found = codec::decode_name(**row);
  if (!found) return damaged(Table::Names);
  return found;
}

store::Stored<bool> Lookups::has_account(const core::UserId& user) const {
  if (const auto it = accounts_.find(user); it != accounts_.end()) return it->second;
  Key key;
  key.add(user);
  const auto row = store_.get(id(Table::Accounts), key);
  if (!row) return std::unexpected(row.error());
  return row->has_value();
}

store::Stored<std::vector<core::Seq>> Lookups::mentions(const core::Mentions& wanted, const core::UserId& user) const {
  std::vector<core::Seq> seqs;
  const auto scanned = store_.snapshot()->scan(id(Table::Mentions), member_key(wanted.channel, user), {},
                                               [&](std::string_view key, std::string_view) {
                                                 const core::Seq seq{number_at_end(key, 8)};
                                                 if (seq <= wanted.up_to) seqs.push_back(seq);
                                                 return seq < wanted.up_to;
                                               });
  if (!scanned) return std::unexpected(scanned.error());
  return seqs;
}

store::Stored<void> Lookups::name_reactors(core::Message& message) const {
  if (message.reactions.empty()) return {};
  const auto snapshot = store_.snapshot();
  for (auto& reaction : message.reactions) {
    Key of_kind = message_key(message.channel, message.seq);
    of_kind.text(reaction.emoji);
    reaction.users.clear();
    const auto scanned = snapshot->scan(id(Table::Reactions), of_kind, {}, [&](std::string_view key, std::string_view) {
      reaction.users.push_back(user_at(key, of_kind.view().size()));
      return reaction.users.size() < core::kMaxShownReactors;
    });
    if (!scanned) return scanned;
  }
  return {};
}

void Lookups::changed(core::Message message) {
  auto key = row_key({message.channel, message.seq});
  messages_.insert_or_assign(std::move(key), std::move(message));
}

void Lookups::committed() {
  posts_.clear();
  messages_.clear();
  marks_.clear();
  names_.clear();
  accounts_.clear();
  mentioned_.clear();
  unhidden_.clear();
  keys_.clear();
}

}  // namespace parley::fold
