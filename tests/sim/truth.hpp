// What a log means: its commands decided by the rules alone, with the plainest bookkeeping of who hears what. It shares no
// code with the fold, the broadcaster and the hub. It has every key that ever was: so it knows what those said who were erased
// since, and from where on that has to be gone.
//
// Limits: holds the whole log.
#pragma once

#include <deque>
#include <map>

#include "codec/command_codec.hpp"
#include "keys/key_table.hpp"
#include "tests/sim/told.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/core/world.hpp"

namespace parley::sim {

struct Cursors {
  std::uint64_t read = 0;
  std::uint64_t delivered = 0;
  bool operator==(const Cursors&) const = default;
};

// What a message was from one of its channel's versions on.
struct Form {
  core::Message message;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> erased_at;  // the record from which on its words are gone

  // As it is when all is folded.
  [[nodiscard]] core::Message now() const { return erased_at ? core::without_words(message) : message; }
};

// A time that a user was in a channel: versions, and the records that made them.
struct Stay {
  core::UserId user;
  core::Version joined;
  std::uint64_t joined_at = 0;
  core::Version left;  // 0: he is still there
  std::uint64_t left_at = 0;

  [[nodiscard]] bool was_over(std::uint64_t offset) const { return left.value != 0 && left_at < offset; }
  [[nodiscard]] bool had_begun(std::uint64_t offset) const { return joined_at < offset; }
};

struct Room {
  core::ChannelKind kind = core::ChannelKind::Public;
  std::optional<core::WorkspaceId> workspace;
  std::map<core::UserId, Cursors> cursors;  // of its members
  std::uint64_t last_seq = 0;
  std::uint64_t version = 0;
  std::map<core::Version, Form> forms;     // what messages became, by the version that did it
  std::map<core::Version, Telling*> told;  // the events that took a version
  std::vector<Stay> stays;
  std::optional<std::uint64_t> deleted_at;

  // The messages as of one of its versions, by seq.
  [[nodiscard]] std::map<core::Seq, Form> messages(core::Version at) const;
  [[nodiscard]] core::Version version_before(std::uint64_t offset) const;
  // Messages that name a member and that he has not read.
  [[nodiscard]] std::uint64_t unread_mentions(const core::UserId& user) const;
};

class Truth {
 public:
  struct Step {
    core::Command command;
    core::Decision decision;
  };
  Truth(const testing::ManualLog& log, const codec::Control& control, const keys::KeyTable& archive);
  Truth(const Truth&) = delete;
  Truth& operator=(const Truth&) = delete;

  // What became of a record; none: it is no command.
  [[nodiscard]] const Step* step(std::uint32_t partition, std::uint64_t offset) const;
  // The events for a user from a record on.
  [[nodiscard]] std::vector<Told> told(const core::UserId& user, std::uint32_t partition, std::uint64_t from) const;
  // What comes to him who has seen a channel up to a version, and hears all that is from a record on live: one of these.
  [[nodiscard]] std::vector<Missed> missed(const core::UserId& user, const core::ChannelId& channel, core::Version seen,
                                           std::uint64_t from, std::uint64_t max_gap) const;
  // What he is in before a record, and how far that has come.
  [[nodiscard]] std::map<core::ChannelId, core::Version> channels_of(const core::UserId& user, std::uint32_t partition,
                                                                     std::uint64_t before) const;
  [[nodiscard]] std::size_t times_posted(const std::string& words) const;
  [[nodiscard]] const std::map<core::ChannelId, Room>& rooms() const { return rooms_; }
  // Deleted ones too.
  [[nodiscard]] const Room* room(const core::ChannelId& channel) const { return const_cast<Truth*>(this)->find_room(channel); }
  // Of a user who has given himself one and was not erased since; else his id.
  [[nodiscard]] std::string name(const core::UserId& user) const;
  // What nobody may read any more.
  [[nodiscard]] const std::set<std::string>& dead_words() const { return dead_; }

 private:
  struct Written {
    core::UserId user;
    std::uint32_t partition;
    std::string words;
  };
  // --- truth.cpp
  void take(core::World& world, std::uint32_t partition, const eventlog::Record& record, const keys::KeyTable& archive);
  void follow(std::uint32_t partition, std::uint64_t offset, const core::Change& change);
  std::set<core::UserId> hearers(std::uint64_t offset, const core::Change& change);
  void erase(std::uint32_t partition, std::uint64_t offset, const core::UserId& user);
  Room* find_room(const core::ChannelId& channel);
  [[nodiscard]] std::uint32_t partition_of(core::Slot slot) const;
  [[nodiscard]] std::string text_of(const Telling& telling, const core::Change& change) const;
  // --- missed.cpp
  [[nodiscard]] Told due(const Telling& telling, const core::UserId& user, std::uint64_t from) const;
  [[nodiscard]] std::vector<Told> between(const Room& room, core::Version after, core::Version up_to, const core::UserId& user,
                                          std::uint64_t from) const;

  std::uint64_t epoch_;
  std::vector<std::map<std::uint64_t, Step>> steps_;  // by partition, by offset
  std::deque<Telling> tellings_;
  std::multiset<std::string> posted_;
  std::map<core::ChannelId, Room> rooms_;
  std::map<core::ChannelId, Room> deleted_;
  std::map<core::WorkspaceId, std::set<core::UserId>> admins_;  // whoever was one for a while
  std::map<core::UserId, std::string> names_;
  std::vector<Written> written_;
  std::set<std::string> dead_;
  std::set<std::string> living_;  // of those that are read in what they made
};

}  // namespace parley::sim
