// An element of a day file: what Slack calls a message, which may be that someone came.
//
// Concurrency: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "migrate/slack/fields.hpp"
#include "migrate/slack/markup.hpp"

namespace parley::migrate::slack {

struct Message {
  struct Reaction {
    std::string name;
    std::vector<std::string> users;
  };
  std::string type;
  std::string subtype;
  std::string ts;  // names it in its channel
  core::TimeMs at;
  std::string user;    // who said it: Slack's id; of a bot it may be missing
  std::string bot_id;  // of a bot without one, a hash of its name
  std::string bot_name;
  std::string inviter;
  std::string thread_ts;
  std::string edited_ts;  // empty: it was not
  core::TimeMs edited_at;
  std::vector<Reaction> reactions;
  Fields fields;  // all of it

  [[nodiscard]] bool comes() const { return subtype == "channel_join" || subtype == "group_join"; }
  [[nodiscard]] bool goes() const { return subtype == "channel_leave" || subtype == "group_leave"; }
  // Does somebody say something, in it?
  [[nodiscard]] bool speaks() const;
};

// What is wrong with the element, for people, or the message.
std::expected<Message, std::string> read_message(std::string_view element);
// "1355517523.000005" in milliseconds.
std::optional<core::TimeMs> time_of_ts(std::string_view ts);

// What it says, for people; where there are no words, the names of its files, or what a bot put beside it. Empty: nothing.
std::string text_of(const Message& message, const Names& names);
// Its files by name and link, as a message's attachments; `left` of them found no room.
std::string attachments_of(const Message& message, std::size_t& left);
// Where it comes from.
std::string metadata_of(const Message& message);

}  // namespace parley::migrate::slack
