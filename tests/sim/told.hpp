// Events as they are due to somebody. What was erased or retracted in between may be told in more than one way.
//
// Ownership: values.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/change.hpp"

namespace parley::sim {

// An event where it stands in the log.
struct Telling {
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
  core::Change change;
  std::uint64_t last_seq = 0;  // the channel's, after it
  std::set<core::UserId> to;
  bool has_version = false;
  std::string text;                        // as it was pushed
  std::string bare;                        // likewise, when its author's words are erased
  std::optional<std::uint64_t> erased_at;  // the record from which on the words in it are gone
};

// Of a change that tells of one whole; else none.
template <class Change>
auto message_in(Change& change) -> decltype(&std::get_if<core::MessagePosted>(&change.body)->message) {
  if (auto* posted = std::get_if<core::MessagePosted>(&change.body)) return &posted->message;
  if (auto* edited = std::get_if<core::MessageEdited>(&change.body)) return &edited->message;
  auto* retracted = std::get_if<core::MessageRetracted>(&change.body);
  return retracted == nullptr ? nullptr : &retracted->message;
}

// What one event may come as: any of these texts.
struct Told {
  core::ChannelId channel;
  core::Version version;  // 0: it has none
  std::vector<std::string> texts;

  [[nodiscard]] bool is(const std::string& heard) const { return std::ranges::find(texts, heard) != texts.end(); }
};

// What comes of a channel to a client that was away.
struct Missed {
  std::vector<Told> events;
  bool reset = false;
  bool may_end_early = false;
};

// As long as both are there they are the same.
inline bool begins_with(const std::vector<Told>& due, const std::vector<std::string>& heard) {
  return heard.size() <= due.size() &&
         std::equal(heard.begin(), heard.end(), due.begin(), [](const auto& text, const auto& one) { return one.is(text); });
}
inline bool is_all(const std::vector<Told>& due, const std::vector<std::string>& heard) {
  return heard.size() == due.size() && begins_with(due, heard);
}

// Where they part, for people.
std::string difference(const std::vector<std::string>& heard, const std::vector<Told>& due);

}  // namespace parley::sim
