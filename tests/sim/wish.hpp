// Something that a user wants done: sent, and sent again, until it is known what became of it.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/ids.hpp"
#include "net/http.hpp"
#include "tests/sim/dice.hpp"

namespace parley::sim {

struct Answer {
  bool accepted = false;
  bool duplicate = false;
  std::string code;                  // of a rejection
  std::string position;              // of the record that decided it; rejections on a socket have none
  std::optional<std::uint64_t> seq;  // of a message, on a socket
  std::uint64_t at = 0;              // by the run's count of steps
};

struct Wish {
  std::uint64_t number = 0;
  std::string key;   // empty: it is sent once
  std::string text;  // of a message: no other has the same
  std::optional<core::UserId> erases;
  bool has_words = false;        // a text or a name
  std::string frame;             // to be said on a socket
  net::HttpRequest request;      // or to be asked for, where `frame` is empty
  std::optional<Answer> answer;  // the first that tells what became of it
  bool given_up = false;         // without a key, and whatever became of it is not known
  bool sent = false;
  std::uint64_t sent_at = 0;        // by the run's count of steps
  std::uint64_t first_sent_at = 0;  // of what was sent again: whose answer comes may be the first one's

  [[nodiscard]] bool open() const { return !answer && !given_up; }
};

// The things that the users of a run know of, whether or not they came to be.
struct Places {
  std::vector<core::UserId> users;
  std::vector<core::WorkspaceId> workspaces;
  std::vector<core::ChannelId> channels;
  std::map<core::ChannelId, std::uint64_t> seqs;  // the highest that anyone heard of
  std::vector<std::string> erasures;              // the positions that those who asked for one were answered
  std::set<core::UserId> to_erase;                // whom anyone has asked to erase
  std::uint64_t erasing = 0;                      // of a thousand wishes so many are to erase somebody
};

// How whatever people write begins, and how it ends: nothing else has either, so that what is left of it is found anywhere.
inline constexpr std::string_view kWordsBegin = "words{";
inline constexpr char kWordsEnd = '}';

// Who may erase others than himself.
inline constexpr const char* kOperator = "ann";

// Makes the wishes of one user. What they bring into being is put into the places.
class Wishes {
 public:
  Wishes(core::UserId user, Places& places) : user_(std::move(user)), places_(places) {}

  // Anything; some of it is not allowed.
  Wish any(Dice& dice);
  Wish create_workspace();
  Wish create_channel(const core::WorkspaceId& workspace, bool is_public);
  Wish invite(const core::WorkspaceId& workspace, const core::UserId& user);
  Wish join(const core::ChannelId& channel);
  Wish create_group(const std::vector<core::UserId>& with);
  Wish open_direct(const core::UserId& other);

 private:
  Wish with_key();
  Wish say(Wish wish, const std::string& type, const std::string& fields) const;
  static Wish ask(Wish wish, std::string method, std::string target, std::string body = {});
  const core::ChannelId& any_channel(Dice& dice) const;
  Wish post(Dice& dice);
  Wish of_message(Dice& dice);
  Wish of_members(Dice& dice);
  Wish of_places(Dice& dice);
  Wish name_oneself();
  Wish erase(const core::UserId& user);
  std::string words(Dice& dice, const std::string& key) const;

  core::UserId user_;
  Places& places_;
  std::uint64_t count_ = 0;
};

}  // namespace parley::sim
