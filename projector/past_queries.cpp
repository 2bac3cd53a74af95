// A channel as it was at an earlier version. Versions and seqs are dense, so what made a version is found without an index: the
// next kept event behind it says how far the posts had come.
#include <map>
#include <set>

#include "core/change.hpp"
#include "core/mentions.hpp"
#include "projector/queries.hpp"

namespace parley::projector {

using fold::Table;

namespace {

constexpr std::size_t kIdBytes = core::Uuid::kBytes;

bool is_in(const pb::AsOf& as_of, std::uint64_t offset, std::int64_t at_ms) {
  return as_of.has_at_ms() ? at_ms <= as_of.at_ms() : offset < as_of.next_offset();
}

std::uint64_t posted_version(const rows::Message& message) {
  return message.posted_version() == 0 ? message.version() : message.posted_version();
}

}  // namespace

Queries::Moment Queries::moment(std::string_view channel, const rows::Channel& head, std::uint64_t version) {
  Moment found{.last_seq = head.last_seq() - (head.version() - version)};
  bool is_event = false;
  scan(Table::Events, channel, numbered_key(channel, version), [&](std::string_view key, std::string_view value) {
    rows::Event row;
    parse(value, row);
    const auto at = fold::number_at_end(key, 8);
    is_event = at == version;
    found.last_seq = row.last_seq() - (is_event ? 0 : at - 1 - version);
    if (!is_event) return false;
    pb::Change change;
    parse(row.change(), change);
    found.offset = row.offset();
    found.at_ms = change.at_ms();
    return false;
  });
  if (is_event) return found;
  rows::Message post;
  if (!row(Table::Messages, numbered_key(channel, found.last_seq), post)) throw Unreadable{};
  found.offset = post.offset();
  found.at_ms = post.posted_at_ms();
  return found;
}

// Offsets rise with versions. Times nearly do: the clocks of those who took the commands differ a little, so a few changes
// behind the border are looked at too.
std::uint64_t Queries::version_at(std::string_view channel, const rows::Channel& head, const pb::AsOf& as_of) {
  constexpr std::uint64_t kOutOfOrder = 16;
  const auto is_version_in = [&](std::uint64_t version) {
    const auto at = moment(channel, head, version);
    return is_in(as_of, at.offset, at.at_ms);
  };
  if (head.version() == 0 || is_version_in(head.version())) return head.version();
  std::uint64_t in = 0;
  for (auto out = head.version(); out - in > 1;) {
    const auto middle = in + (out - in) / 2;
    (is_version_in(middle) ? in : out) = middle;
  }
  if (!as_of.has_at_ms()) return in;
  for (auto version = std::min(head.version(), in + kOutOfOrder); version > in; --version)
    if (is_version_in(version)) return version;
  return in;
}

void Queries::rewind(std::string_view channel, std::uint64_t seq, std::uint64_t version, std::uint64_t last_seq,
                     rows::Message& message) {
  if (message.reply_count() > 0) message.set_reply_count(replies_until(channel, seq, last_seq));
  if (message.version() <= version) {
    for (auto& reaction : *message.mutable_reactions()) name_reactors(channel, seq, reaction);
    return;
  }
  if (message.retracted() && !sees_retracted(channel)) return;
  const auto posted = posted_version(message);
  message.set_version(posted);
  message.set_posted_version(posted);
  rewind_text(channel, seq, version, message);
  rewind_marks(channel, seq, version, message);
  message.set_retracted(false);
  message.clear_retracted_at_ms();
}

void Queries::rewind_text(std::string_view channel, std::uint64_t seq, std::uint64_t version, rows::Message& message) {
  if (message.retracted() || message.text_version() > version) {
    scan(Table::Revisions, numbered_key(channel, seq), {}, [&](std::string_view key, std::string_view value) {
      rows::Revision earlier;
      parse(value, earlier);
      if (earlier.version() > version) return false;
      const auto number = fold::number_at_end(key, 4);
      message.set_text(earlier.text());
      message.set_edited_at_ms(number == 0 ? 0 : earlier.at_ms());
      message.set_edits(number);
      message.set_text_version(earlier.version());
      message.set_erased(earlier.text().empty());  // everything that is written has some text
      return true;
    });
    message.clear_mentions();
    for (auto& user : core::mentions_in(message.text())) message.add_mentions(std::move(user.text));
  }
  message.set_version(std::max(message.version(), message.text_version()));
}

void Queries::rewind_marks(std::string_view channel, std::uint64_t seq, std::uint64_t version, rows::Message& message) {
  std::map<std::string, std::set<std::string>> users;
  bool pinned = false;
  scan(Table::MessageChanges, numbered_key(channel, seq), {}, [&](std::string_view key, std::string_view value) {
    const auto at = fold::number_at_end(key, 8);
    if (at > version) return false;
    rows::MessageChange change;
    parse(value, change);
    message.set_version(std::max(message.version(), at));
    if (change.emoji().empty())
      pinned = change.on();
    else if (change.on())
      users[change.emoji()].insert(change.user());
    else
      users[change.emoji()].erase(change.user());
    return true;
  });
  message.set_pinned(pinned);
  message.clear_reactions();
  for (const auto& [emoji, who] : users) {
    if (who.empty()) continue;
    auto& reaction = *message.add_reactions();
    reaction.set_emoji(emoji);
    reaction.set_count(who.size());
    for (const auto& user : who) {
      if (static_cast<std::size_t>(reaction.users_size()) == core::kMaxShownReactors) break;
      reaction.add_users(user);
    }
  }
}

std::uint64_t Queries::replies_until(std::string_view channel, std::uint64_t seq, std::uint64_t last_seq) {
  std::uint64_t count = 0;
  scan(Table::Replies, numbered_key(channel, seq), {}, [&](std::string_view key, std::string_view) {
    const bool there = fold::number_at_end(key, 8) <= last_seq;
    count += there ? 1 : 0;
    return there;
  });
  return count;
}

// Only the workspace's owner and admins do.
bool Queries::sees_retracted(std::string_view channel) {
  if (!sees_retracted_) sees_retracted_ = is_workspace_admin(channel);
  return *sees_retracted_;
}

Queries::Status Queries::members_at(const pb::ListChannelMembers& query, const rows::Channel& head, pb::MembersAnswer& out) {
  const auto version = version_at(query.channel(), head, query.as_of());
  std::map<std::string, rows::MemberChange> members;
  scan(Table::MemberChanges, query.channel(), {}, [&](std::string_view key, std::string_view value) {
    if (fold::number_at_end(key.substr(0, kIdBytes + 8), 8) > version) return false;
    auto user = fold::user_at(key, kIdBytes + 8).text;
    rows::MemberChange change;
    parse(value, change);
    change.role() == 0 ? void(members.erase(user)) : void(members.insert_or_assign(std::move(user), std::move(change)));
    return true;
  });
  for (auto it = members.upper_bound(query.after()); it != members.end(); ++it) {
    if (out.members_size() == static_cast<int>(query.limit())) {
      out.set_has_more(true);
      break;
    }
    auto& entry = *out.add_members();
    entry.set_user(it->first);
    entry.set_role(it->second.role());
    entry.set_joined_at_ms(it->second.joined_at_ms());
  }
  return kOk;
}

}  // namespace parley::projector
