// What a log means: its commands decided by the rules alone, with the plainest bookkeeping of who hears what. It shares no
// code with the fold, the broadcaster and the hub.
//
// Ownership: values. Limits: holds the whole log.
#pragma once

#include <map>
#include <set>

#include "codec/command_codec.hpp"
#include "keys/key_table.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/core/world.hpp"

namespace parley::sim {

// Of a channel that is not deleted.
struct Room {
  std::map<core::UserId, std::uint64_t> read;  // its members, and how far each has read
  std::uint64_t last_seq = 0;
  std::uint64_t version = 0;
  std::map<core::Version, core::Message> forms;  // what messages became, by the version that did it
};

class Truth {
 public:
  struct Step {
    core::Command command;
    core::Decision decision;
  };
  Truth(const testing::ManualLog& log, const codec::Control& control, const keys::KeyTable& keys);

  // What became of a record; none: it is no command.
  [[nodiscard]] const Step* step(std::uint32_t partition, std::uint64_t offset) const;
  // The events for a user from a record on, as texts.
  [[nodiscard]] std::vector<std::string> told(const core::UserId& user, std::uint32_t partition, std::uint64_t from) const;
  [[nodiscard]] std::size_t times_posted(const std::string& text) const;
  [[nodiscard]] const std::map<core::ChannelId, Room>& rooms() const { return rooms_; }
  // Deleted ones too.
  [[nodiscard]] const Room* room(const core::ChannelId& channel) const;
  // The messages of a channel as of one of its versions, by seq.
  [[nodiscard]] std::map<core::Seq, core::Message> messages(const core::ChannelId& channel, core::Version at) const;

 private:
  struct Telling {
    std::uint32_t partition;
    std::uint64_t offset;
    std::string text;
    std::set<core::UserId> to;
  };
  void follow(std::uint32_t partition, std::uint64_t offset, const core::Change& change);
  std::set<core::UserId> hearers(const core::Change& change);

  std::uint64_t epoch_;
  std::vector<std::map<std::uint64_t, Step>> steps_;  // by partition, by offset
  std::vector<Telling> tellings_;
  std::multiset<std::string> texts_;
  std::map<core::ChannelId, Room> rooms_;
  std::map<core::ChannelId, Room> deleted_;
};

}  // namespace parley::sim
