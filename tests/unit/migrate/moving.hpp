// A log, its fold and what moves into it: again and again, as the program would be run.
#pragma once

#include <gtest/gtest.h>

#include "eventlog/memory/memory_log.hpp"
#include "fold/control.hpp"
#include "migrate/mover.hpp"
#include "projector/read_tables.hpp"
#include "tests/support/instant_keys.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::migrate {

class Moving {
 public:
  static constexpr core::TimeMs kNow{1'800'000'000'000};

  explicit Moving(bool alone = true) : alone_(alone), log_(eventlog::make_memory_log(2)) {
    auto control = fold::ensure_control(*log_, {}, std::chrono::seconds(10));
    if (!control) std::abort();
    control_ = *control;
    keys_.make({"nobody"}, [](keys::Told) {});  // from then on the table is whole
  }

  // One run. False: it could not go on.
  bool run(std::vector<Entry> entries) {
    report = Report();
    Sender sender(intruder_ ? *intruder_ : *log_, keys_,
                  {.partitions = 2, .gateway = Source("test").gateway(), .max_in_flight = 64, .append_at_once = 8});
    fold::PipelineOptions options{.dir = dir_.path(), .partitions = {0, 1}, .keys = &keys_.table()};
    auto pipeline = fold::Pipeline::open(*log_, control_, options, &tables_, &sender);
    EXPECT_TRUE(pipeline) << pipeline.error();
    (*pipeline)->start();
    while ((*pipeline)->lag() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Seen seen{Source("test")};
    auto ends = seen.read(*log_, 2);
    EXPECT_TRUE(ends);
    sender.begin_at(*ends);
    auto foresight = Foresight::of(**pipeline);
    const Past past(**pipeline);
    Mover mover(seen, foresight, sender, past, keys_.table(), report, {.now = kNow, .alone = alone_});
    bool well = true;
    for (auto& entry : entries) well = well && mover.take(std::move(entry));
    well = mover.finish() && well;
    failure = mover.failure();
    (*pipeline)->stop();
    for (std::uint32_t p = 0; p < 2; ++p) read_back(**pipeline, p);
    return well;
  }

  // The next run folds the log from zero.
  void forget_state() {
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) std::filesystem::remove_all(entry.path());
  }
  // What is sent goes through this log, which goes on to log().
  void intrude(std::unique_ptr<eventlog::EventLog> intruder) { intruder_ = std::move(intruder); }

  [[nodiscard]] std::uint64_t records() const { return log_->end(0).value() + log_->end(1).value(); }
  [[nodiscard]] keys::KeyStore& keys() { return keys_; }
  [[nodiscard]] eventlog::EventLog& log() { return *log_; }

  // --- after a run
  Report report;
  std::string failure;
  std::vector<core::Message> messages;                   // of all channels, in the order of ids and seqs
  std::map<std::string, core::ChannelHead> channels;     // by name
  std::map<std::string, std::set<std::string>> members;  // by the channel's name

 private:
  void read_back(const fold::Pipeline& pipeline, std::uint32_t partition) {
    if (partition == 0) messages.clear(), channels.clear(), members.clear();
    const auto snapshot = pipeline.store(partition).snapshot();
    const auto head_of = [&](std::string_view id) {
      const auto row = pipeline.store(partition).get(fold::id(fold::Table::Channels), id);
      return *codec::decode_channel(*core::ChannelId::from_bytes(id), **row);
    };
    EXPECT_TRUE(snapshot->scan(fold::id(fold::Table::Channels), {}, {}, [&](std::string_view key, std::string_view) {
      const auto head = head_of(key);
      return channels.emplace(head.name, head), true;
    }));
    EXPECT_TRUE(snapshot->scan(fold::id(fold::Table::ChannelMembers), {}, {}, [&](std::string_view key, std::string_view) {
      return members[head_of(key.substr(0, 16)).name].insert(fold::user_at(key, 16).text), true;
    }));
    EXPECT_TRUE(snapshot->scan(fold::id(fold::Table::Messages), {}, {}, [&](std::string_view key, std::string_view value) {
      const auto id = *core::ChannelId::from_bytes(key.substr(0, 16));
      messages.push_back(*codec::decode_message(id, {fold::number_at_end(key, 8)}, value));
      return true;
    }));
  }

  bool alone_;
  parley::testing::TempDir dir_{parley::testing::memory_directory()};
  std::unique_ptr<eventlog::EventLog> log_;
  std::unique_ptr<eventlog::EventLog> intruder_;
  codec::Control control_;
  parley::testing::InstantKeys keys_;
  projector::ReadTables tables_;
};

// --- entries, in short
inline Entry at(std::int64_t ms, decltype(Entry::what) what, std::string mark = {}) {
  return {.at = {ms}, .mark = std::move(mark), .where = "here", .what = std::move(what)};
}
inline std::vector<Entry> workspace_of(std::initializer_list<std::string> users) {
  std::vector<Entry> entries{at(1000, NewWorkspace{"w", {*users.begin()}, "Acme"})};
  for (const auto& user : users)
    if (user != *users.begin()) entries.push_back(at(1000, WorkspaceJoin{"w", {*users.begin()}, {user}, {}}));
  return entries;
}
inline Entry channel(std::string id, std::string by, std::vector<core::UserId> members,
                     core::ChannelKind kind = core::ChannelKind::Public) {
  return at(
      2000,
      NewChannel{.id = id, .by = {std::move(by)}, .kind = kind, .workspace = "w", .name = id, .members = std::move(members)});
}
inline Entry post(std::int64_t ms, std::string id, std::string by, std::string reply_to = {}) {
  return at(ms,
            Post{.channel = "c", .id = id, .by = {std::move(by)}, .text = "text of " + id, .reply_to = std::move(reply_to)});
}
inline void append(std::vector<Entry>& to, std::initializer_list<Entry> more) { to.insert(to.end(), more); }

}  // namespace parley::migrate
