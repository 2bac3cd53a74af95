#include "fold/partition_fold.hpp"

#include "codec/rows.hpp"
#include "fold/erasure.hpp"
#include "runtime/log.hpp"

namespace parley::fold {

namespace {

constexpr std::string_view kApplied = "applied";
constexpr std::string_view kPending = "pending";
constexpr std::chrono::milliseconds kKeyWait{1000};  // for a key that is not in the table yet; then the fold tries again

std::unexpected<std::string> broken(Table table, std::string_view why) {
  return std::unexpected("the stored state can't be read (table " + std::string(name(table)) + ": " + std::string(why) +
                         "); remove it and it is built again from the log");
}

bool is_first_of_its_key(const Step& step) {
  return !step.command.key.empty() && !step.decision.duplicate && step.decision.outcome.code != core::Code::KeyReused;
}

}  // namespace

PartitionFold::PartitionFold(std::uint32_t partition, store::Store& store, const codec::Control& control,
                             Projection* projection, const keys::KeyTable* keys)
    : partition_(partition),
      store_(store),
      control_(control),
      rules_{control.dedup_window_ms},
      projection_(projection),
      keys_(keys),
      lookups_(store, state_, rules_) {}

std::expected<std::unique_ptr<PartitionFold>, std::string> PartitionFold::open(std::uint32_t partition, store::Store& store,
                                                                               const codec::Control& control,
                                                                               Projection* projection,
                                                                               const keys::KeyTable* keys) {
  std::unique_ptr<PartitionFold> fold(new PartitionFold(partition, store, control, projection, keys));
  if (auto loaded = fold->load(); !loaded) return std::unexpected(loaded.error());
  return fold;
}

std::expected<void, std::string> PartitionFold::load() {
  const auto applied = store_.get(id(Table::Meta), kApplied);
  if (!applied) return broken(Table::Meta, applied.error().what);
  if (!*applied) return {};  // a new one
  const auto meta = codec::decode_applied(**applied);
  if (!meta) return broken(Table::Meta, "not an Applied");
  if (meta->epoch != control_.epoch || meta->partitions != control_.partitions)
    return std::unexpected("the stored state is of another log than this one; remove it and it is built again");
  next_ = meta->next_offset;
  state_.advance(meta->log_time);

  const auto snapshot = store_.snapshot();
  std::expected<void, std::string> result;
  const auto load_table = [&](Table table, auto&& restore) {
    if (!result) return;
    const auto scanned = snapshot->scan(id(table), {}, {}, [&](std::string_view key, std::string_view value) {
      if (restore(key, value)) return true;
      result = broken(table, "a row is damaged");
      return false;
    });
    if (result && !scanned) result = broken(table, scanned.error().what);
  };
  load_table(Table::Users, [&](std::string_view key, std::string_view value) {
    auto row = codec::decode_user(value);
    if (row) state_.restore(user_at(key, 0), std::move(*row));
    return row.has_value();
  });
  load_table(Table::Erased, [&](std::string_view key, std::string_view value) {
    const auto row = codec::decode_erased(value);
    if (row) state_.restore_erased(user_at(key, 0), *row);
    return row.has_value();
  });
  load_table(Table::Purge, [&](std::string_view, std::string_view value) {
    purge_ = number_at_end(value, 8);
    return true;
  });
  load_table(Table::Workspaces, [&](std::string_view key, std::string_view value) {
    const auto which = core::WorkspaceId::from_bytes(key);
    auto row = which ? codec::decode_workspace(*which, value) : std::nullopt;
    if (row) state_.restore(std::move(*row));
    return row.has_value();
  });
  load_table(Table::WorkspaceMembers, [&](std::string_view key, std::string_view value) {
    const auto which = core::WorkspaceId::from_bytes(key.substr(0, core::Uuid::kBytes));
    const auto row = which ? codec::decode_workspace_member(value) : std::nullopt;
    if (row) state_.restore(*which, user_at(key, core::Uuid::kBytes), *row);
    return row.has_value();
  });
  load_table(Table::Channels, [&](std::string_view key, std::string_view value) {
    const auto which = core::ChannelId::from_bytes(key);
    auto row = which ? codec::decode_channel(*which, value) : std::nullopt;
    if (row) state_.restore(std::move(*row));
    return row.has_value();
  });
  load_table(Table::ChannelMembers, [&](std::string_view key, std::string_view value) {
    const auto which = core::ChannelId::from_bytes(key.substr(0, core::Uuid::kBytes));
    const auto row = which ? codec::decode_channel_member(value) : std::nullopt;
    if (row) state_.restore(*which, user_at(key, core::Uuid::kBytes), *row);
    return row.has_value();
  });
  load_table(Table::Bans, [&](std::string_view key, std::string_view value) {
    const auto which = core::ChannelId::from_bytes(key.substr(0, core::Uuid::kBytes));
    auto row = which ? codec::decode_ban(value) : std::nullopt;
    if (row) state_.restore(*which, user_at(key, core::Uuid::kBytes), std::move(*row));
    return row.has_value();
  });
  return result;
}

store::Stored<void> PartitionFold::fold(std::span<const eventlog::Record> records, std::vector<Step>& out) {
  if (auto taken = take(records, out); !taken) return taken;
  return commit();
}

store::Stored<void> PartitionFold::fold(std::span<const eventlog::RecordBatch> runs, std::vector<Step>& out) {
  for (const auto& run : runs)
    if (auto taken = take(run.view(), out); !taken) return taken;
  return commit();
}

store::Stored<void> PartitionFold::take(std::span<const eventlog::Record> records, std::vector<Step>& out) {
  for (const auto& record : records) {
    if (record.offset < next_) continue;
    if (auto folded = fold_one(record, out); !folded) return folded;
    next_ = record.offset + 1;
  }
  return {};
}

store::Stored<void> PartitionFold::fold_one(const eventlog::Record& record, std::vector<Step>& out) {
  if (record.type == codec::kControlType) return {};  // read when the log was opened; a second one changes nothing
  auto command = codec::decode_command(record.value);
  if (!command) {
    ++counts_.dead_letters;
    if (projection_ != nullptr) projection_->dead_letter(record.offset, record.value, batch_);
    return {};
  }
  if (auto opened = open_words(*command, record.offset); !opened) return opened;
  const auto scope = core::stream_in(state_, *command);
  // What it asks for may be in the batch and not remembered: offset and all go into the store first.
  if (lookups_.needs_batch(*command))
    if (auto committed = commit(); !committed) return committed;
  auto facts = lookups_.facts_of(*command, scope);
  if (!facts) return std::unexpected(facts.error());
  if (auto erased = erase_words(*command, *facts, record.offset); !erased) return erased;

  const auto before = state_.log_time();
  auto decision = core::apply(state_, rules_, *command, *facts);
  count(decision);
  for (auto& change : decision.changes) {
    if (auto* posted = std::get_if<core::MessagePosted>(&change.body)) posted->message.offset = record.offset;
    put_change(change);
  }
  out.push_back({record.offset, std::move(*command), std::move(decision)});
  for (const auto& change : out.back().decision.changes)
    if (const auto* posted = std::get_if<core::MessagePosted>(&change.body))
      lookups_.posted(posted->message, out, out.size() - 1);
  if (is_first_of_its_key(out.back())) remember_key(out.back(), scope);
  if (projection_ != nullptr) projection_->project(out.back(), state_, rules_.dedup_window_ms, batch_);
  expire(before);
  return {};
}

// What is sealed with a key that was destroyed before this place in the log stays closed, whatever the table still says: so
// every fold of these records comes to the same, when ever it reads them.
store::Stored<void> PartitionFold::open_words(core::Command& command, eventlog::Offset offset) {
  const auto number = command.sealed.key;
  if (number == 0) return {};
  if (keys_ == nullptr || number < state_.erased_below(command.user)) {
    codec::forget_words(command);
    return {};
  }
  const auto found = keys_->await(command.user, number, kKeyWait);
  if (std::holds_alternative<keys::IsAhead>(found))
    return std::unexpected(store::StoreError{"the key table has not been read as far as key " + std::to_string(number)});
  const auto* key = std::get_if<codec::BodyKey>(&found);
  if (key != nullptr && codec::open(command, *key)) return {};
  const bool is_new = offset >= std::exchange(opened_, offset + 1);  // it may be the second attempt
  if (!std::holds_alternative<keys::IsDestroyed>(found) && is_new && counts_.unopened++ == 0)
    spdlog::error("partition {}: {} of {}; what was sealed with it is shown as erased", partition_,
                  key != nullptr ? "a body that its key does not open, key " + std::to_string(number)
                                 : "the key table has no key " + std::to_string(number),
                  command.user.text);
  codec::forget_words(command);
  return {};
}

// Before the command is applied: when this fails, the whole is done again.
store::Stored<void> PartitionFold::erase_words(const core::Command& command, const core::Facts& facts,
                                               eventlog::Offset offset) {
  const auto* erase = std::get_if<core::EraseUser>(&command.payload);
  if (erase == nullptr || core::decide(state_, rules_, command, facts).changes.empty()) return {};
  auto erased = Erasure(store_, projection_, touched_).run(erase->user);
  if (!erased) return erased;
  erased_ = offset + 1;
  batch_.put(id(Table::Purge), kPending, Key().number(erased_, 8));
  return {};
}

std::optional<eventlog::Offset> PartitionFold::to_purge() const {
  const auto behind = purge_.load(std::memory_order_acquire);
  return behind == 0 ? std::nullopt : std::optional(behind);
}

void PartitionFold::purged(eventlog::Offset up_to) {
  if (!purge_.compare_exchange_strong(up_to, 0)) return;  // there was another one since
  batch_.remove(id(Table::Purge), kPending);
}

void PartitionFold::remember_key(const Step& step, core::StreamId scope) {
  core::Earlier earlier{step.command.payload_hash, state_.log_time(), step.command.id, step.decision.outcome};
  auto key = lookups_.key_row(state_.log_time(), scope, step.command);
  batch_.put(id(Table::Keys), key, codec::encode_key(earlier));
  lookups_.remember(std::move(key), std::move(earlier));
}

void PartitionFold::put_message(const core::Message& message) {
  row_.clear();
  codec::encode_message(message, row_);
  batch_.put(id(Table::Messages), message_key(message.channel, message.seq), row_);
}

void PartitionFold::put_change(const core::Change& change) {
  const auto touch_channel = [&] { channels_.insert(change.channel()); };
  const auto touch_member = [&](const core::UserId& user) { members_.emplace(change.channel(), user); };
  const auto set_mark = [&](Table table, const Key& key, bool on) {
    on ? batch_.put(id(table), key, {}) : batch_.remove(id(table), key);
    lookups_.marked(std::string(key.view()), on);
  };
  const auto put_workspace_member = [&](const core::UserId& user, const core::WorkspaceMember& member) {
    workspaces_.insert(change.workspace());
    batch_.put(id(Table::WorkspaceMembers), member_key(change.workspace(), user), codec::encode_workspace_member(member));
  };
  const auto drop_members = [&](Table table) {
    Key from;
    from.add(change.subject);
    Key to;
    to.add(change.subject).raw("\xff");  // no user id begins with it: it is no UTF-8
    batch_.remove_range(id(table), from, to);
  };
  struct Put {
    PartitionFold& fold;
    const core::Change& change;
    decltype(touch_channel)& channel;
    decltype(touch_member)& member;
    decltype(set_mark)& mark;
    decltype(put_workspace_member)& workspace_member;
    decltype(drop_members)& drop;

    void message(const core::Message& m) const {
      fold.put_message(m);
      fold.lookups_.changed(m);
    }
    void drop_of(const core::UserId& user, Table table) const {
      fold.batch_.remove_range(id(table), member_key(change.channel(), user),
                               user_seq_key(change.channel(), user, {~std::uint64_t{0}}));
    }
    void operator()(const core::MessagePosted& c) const {
      channel();
      fold.put_message(c.message);
      fold.touched_.message(c.message.channel, c.message.seq);
      member(c.message.author);
      fold.mention_instead(c.message, {});
      fold.forget_mentions(c.message.channel, c.message.author, c.mentions_read);
    }
    void operator()(const core::MessageEdited& c) const {
      channel();
      message(core::without_reactors(c.message));
      fold.mention_instead(c.message, c.before.mentions);
      fold.touched_.message(c.message.channel, c.message.seq);
    }
    void operator()(const core::MessageRetracted& c) const {
      channel();
      message(c.message);
      fold.mention_instead(c.message, c.before.mentions);
      fold.touched_.message(c.message.channel, c.message.seq);
      if (!c.had_reactions) return;
      const auto from = message_key(c.message.channel, c.message.seq);
      fold.batch_.remove_range(id(Table::Reactions), from, message_key(c.message.channel, c.message.seq.next()));
    }
    void operator()(const core::ReactionChanged& c) const {
      channel();
      message(c.message);
      mark(Table::Reactions, reaction_key(c.message.channel, c.message.seq, c.emoji, change.actor), c.on);
    }
    void operator()(const core::PinChanged& c) const {
      channel();
      message(c.message);
    }
    void operator()(const core::MessageHidden& c) const {
      member(change.actor);
      mark(Table::Hidden, user_seq_key(change.channel(), change.actor, c.seq), true);
    }
    void operator()(const core::MessagesHidden&) const { member(change.actor); }
    void operator()(const core::ReplyCounted& c) const { message(c.message); }
    void operator()(const core::MemberJoined& c) const {
      channel();
      member(c.user);
    }
    void operator()(const core::MemberLeft& c) const {
      channel();
      fold.members_.erase({change.channel(), c.user});
      fold.batch_.remove(id(Table::ChannelMembers), member_key(change.channel(), c.user));
      if (c.mentioned) drop_of(c.user, Table::Mentions);
      if (!c.hid) return;
      drop_of(c.user, Table::Hidden);
      fold.lookups_.unhidden(change.channel(), c.user);
    }
    void operator()(const core::BanChanged& c) const {
      const auto key = member_key(change.channel(), c.user);
      c.ban ? fold.batch_.put(id(Table::Bans), key, codec::encode_ban(*c.ban)) : fold.batch_.remove(id(Table::Bans), key);
    }
    void operator()(const core::ChannelCreated& c) const {
      channel();
      for (const auto& [user, m] : c.members) member(user);
    }
    void operator()(const core::ChannelUpdated&) const { channel(); }
    void operator()(const core::ChannelDeleted& c) const {
      channel();
      const auto first = fold.members_.lower_bound({c.head.id, core::UserId{}});
      auto last = first;
      while (last != fold.members_.end() && last->first == c.head.id) ++last;
      fold.members_.erase(first, last);
      drop(Table::ChannelMembers);
      drop(Table::Reactions);
      drop(Table::Hidden);
      drop(Table::Bans);
      drop(Table::Mentions);
      Key from;
      from.add(change.subject);
      Key to = message_key(c.head.id, {~std::uint64_t{0}});
      fold.batch_.remove_range(id(Table::Messages), from, to);
      fold.touched_.dropped(c.head.id);
    }
    void operator()(const core::CursorMoved& c) const {
      if (c.first_to_read || c.first_to_receive) channel();
      member(c.user);
      fold.forget_mentions(change.channel(), c.user, c.mentions_read);
    }
    void operator()(const core::WorkspaceCreated& c) const { workspace_member(c.head.owner, c.owner); }
    void operator()(const core::WorkspaceUpdated&) const { fold.workspaces_.insert(change.workspace()); }
    void operator()(const core::WorkspaceDeleted&) const {
      fold.workspaces_.insert(change.workspace());
      drop(Table::WorkspaceMembers);
    }
    void operator()(const core::WorkspaceMemberJoined& c) const { workspace_member(c.user, c.member); }
    void operator()(const core::WorkspaceMemberLeft& c) const {
      fold.workspaces_.insert(change.workspace());
      fold.batch_.remove(id(Table::WorkspaceMembers), member_key(change.workspace(), c.user));
    }
    void operator()(const core::ProfileSet& c) const {
      Key key;
      key.add(c.user);
      fold.batch_.put(id(Table::Users), key, codec::encode_user(c.profile));
    }
    void operator()(const core::UserErased& c) const {
      Key key;
      key.add(c.user);
      fold.batch_.remove(id(Table::Users), key);
      fold.batch_.put(id(Table::Erased), key, codec::encode_erased(c.keys_before));
      fold.batch_.remove(id(Table::Accounts), key);
      fold.lookups_.account(c.user, false);
    }
    void operator()(const core::AccountCreated& c) const {
      Key key;
      key.add(c.user);
      fold.batch_.put(id(Table::Accounts), key, codec::encode_account(c.account));
      fold.lookups_.account(c.user, true);
    }
    void operator()(const core::NameChanged& c) const {
      const auto key = name_key(c.name);
      fold.batch_.put(id(Table::Names), key, codec::encode_name(c.reservation));
      fold.lookups_.named(std::string(key.view()), c.reservation);
    }
  };
  std::visit(Put{*this, change, touch_channel, touch_member, set_mark, put_workspace_member, drop_members}, change.body);
}

// Who has `message` still to read, and is named in it now instead of `before`.
void PartitionFold::mention_instead(const core::Message& message, const std::vector<core::UserId>& before) {
  if (before.empty() && message.mentions.empty()) return;
  const auto& channel = *state_.channel(message.channel);
  const auto set = [&](const core::UserId& user, bool on) {
    if (core::unread_mention(channel, message, user) == nullptr) return;
    const auto key = user_seq_key(message.channel, user, message.seq);
    on ? batch_.put(id(Table::Mentions), key, {}) : batch_.remove(id(Table::Mentions), key);
    members_.emplace(message.channel, user);
    lookups_.mentioned(message.channel, user);
  };
  for (const auto& user : before) set(user, false);
  for (const auto& user : message.mentions) set(user, true);
}

void PartitionFold::forget_mentions(const core::ChannelId& channel, const core::UserId& user,
                                    const std::vector<core::Seq>& read) {
  for (const auto seq : read) batch_.remove(id(Table::Mentions), user_seq_key(channel, user, seq));
  if (!read.empty()) lookups_.mentioned(channel, user);
}

// Heads and cursors that moved many times in the batch are written once.
void PartitionFold::put_heads() {
  for (const auto& which : channels_)
    if (const auto* head = state_.head(which)) batch_.put(id(Table::Channels), which.bytes(), codec::encode_channel(*head));
  for (const auto& which : workspaces_)
    if (const auto* head = state_.head(which)) batch_.put(id(Table::Workspaces), which.bytes(), codec::encode_workspace(*head));
  for (const auto& [which, user] : members_) {
    const auto* channel = state_.channel(which);
    const auto it = channel == nullptr ? decltype(channel->members.end()){} : channel->members.find(user);
    if (channel == nullptr || it == channel->members.end()) continue;
    batch_.put(id(Table::ChannelMembers), member_key(which, user), codec::encode_channel_member(it->second));
  }
  channels_.clear();
  workspaces_.clear();
  members_.clear();
}

// Only what has expired since: ranges that lay over each other would cost RocksDB time by the square of their number, in a log
// of years in which little was said.
void PartitionFold::expire(core::TimeMs before) {
  const auto now = state_.log_time();
  if (now == before) return;
  const auto bucket = key_bucket(now, rules_.dedup_window_ms);
  const auto earlier = std::max(key_bucket(before, rules_.dedup_window_ms), 1U);
  if (bucket > earlier) batch_.remove_range(id(Table::Keys), Key().number(earlier - 1, 4), Key().number(bucket - 1, 4));
  if (projection_ != nullptr) projection_->expire(before, now, rules_.dedup_window_ms, batch_);
}

void PartitionFold::count(const core::Decision& decision) {
  if (decision.duplicate)
    ++counts_.duplicates;
  else if (decision.outcome.status == core::Status::Accepted)
    ++counts_.accepted;
  else
    ++counts_.rejected[static_cast<std::size_t>(decision.outcome.code)];
}

store::Stored<void> PartitionFold::commit() {
  put_heads();
  batch_.put(id(Table::Meta), kApplied,
             codec::encode_applied({next_, control_.epoch, state_.log_time(), control_.rules_version, control_.dedup_window_ms,
                                    control_.partitions}));
  if (projection_ != nullptr && !touched_.empty()) projection_->touch(partition_, next_, touched_.row(), batch_);
  auto written = store_.write(batch_);
  if (!written) return written;
  lookups_.committed();
  touched_.clear();
  if (erased_ != 0) purge_.store(std::exchange(erased_, 0), std::memory_order_release);
  return {};
}

}  // namespace parley::fold
