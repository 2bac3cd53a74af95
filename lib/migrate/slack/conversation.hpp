// An element of channels.json, groups.json, dms.json or mpims.json, and where its days are.
//
// Concurrency: values and pure functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "migrate/slack/fields.hpp"

namespace parley::migrate::slack {

struct Conversation {
  struct Pinned {
    std::string ts;
    std::string user;
    core::TimeMs at;
  };
  std::string id;
  core::ChannelKind kind = core::ChannelKind::Public;
  std::string name;  // empty: it has none
  std::string folder;
  std::string topic;
  std::string creator;               // Slack's id
  core::TimeMs created;              // 0: not said
  std::vector<std::string> members;  // likewise ids
  std::vector<Pinned> pins;
  bool archived = false;
};

// What is wrong with it, for people, or the conversation.
std::expected<Conversation, std::string> read_conversation(const Fields& fields, core::ChannelKind kind);

struct DayFile {
  std::filesystem::path path;
  std::string name;  // "general/2020-01-02.json"
  std::uint64_t bytes = 0;
};
// Those of a conversation, in order.
std::vector<DayFile> day_files(const std::filesystem::path& dir, const std::string& folder);

}  // namespace parley::migrate::slack
