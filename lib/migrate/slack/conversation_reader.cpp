#include "migrate/slack/conversation_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "codec/limits.hpp"
#include "codec/text_rules.hpp"
#include "migrate/slack/array_file.hpp"
#include "migrate/slack/emoji.hpp"

namespace parley::migrate::slack {
namespace {

constexpr std::size_t kMaxKinds = 50;  // of reactions to one message: the rules have no more
constexpr std::string_view kSlackbot = "USLACKBOT";

}  // namespace

ConversationReader::ConversationReader(const Conversation& conversation, std::vector<DayFile> files, People& people,
                                       const std::unordered_map<std::string, std::string>& names, Sink& sink)
    : conversation_(conversation), files_(std::move(files)), people_(people), sink_(sink) {
  names_.user = [this](std::string_view id) {
    const auto* person = people_.find(std::string(id));
    return person == nullptr ? std::string() : person->id.text;
  };
  names_.channel = [&names](std::string_view id) {
    const auto found = names.find(std::string(id));
    return found == names.end() ? std::string() : found->second;
  };
}

std::uint64_t ConversationReader::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& file : files_) sum += file.bytes;
  return sum;
}

bool ConversationReader::say(core::TimeMs at, decltype(Entry::what) what, std::string mark, bool about_then) {
  return sink_.take({.at = at, .about_then = about_then, .mark = std::move(mark), .where = where_, .what = std::move(what)});
}

void ConversationReader::leave_out(std::string_view kind, std::string_view why) { sink_.leave_out(kind, where_, why); }

bool ConversationReader::run(const std::function<bool(std::uint64_t)>& progress) {
  where_ = conversation_.folder;
  for (const auto& file : files_)
    if (!read(file, false, [this](const Message& message) { return look(message), true; })) return false;
  if (!begin()) return false;
  const bool is_there = sink_.has_channel(conversation_.id);
  std::uint64_t behind = 0;
  for (const auto& file : files_) {
    const bool read_on = read(file, true, [&](const Message& message) {
      if (is_there) return take(message);
      where_ = where(message.ts);
      leave_out("channel_left_out", conversation_.id + " was not brought over");
      return true;
    });
    if (!read_on || !reactions_of_the_day() || !progress(behind += file.bytes)) return false;
  }
  return !is_there || end();
}

bool ConversationReader::read(const DayFile& file, bool tell_flaws, const Each& each) {
  file_ = file.name;
  auto array = ArrayFile::open(file.path.string());
  const auto flaw = [&](const std::string& place, const std::string& why) {
    if (tell_flaws) sink_.damaged(place, why);
  };
  if (!array) return flaw(file_, array.error()), true;
  for (;;) {
    const auto element = array->next();
    if (!element) return flaw(file_, element.error()), true;
    if (!*element) return true;
    const auto place = file_ + ", element " + std::to_string((*element)->number);
    if ((*element)->too_long) {
      flaw(place, "it has more than 4194304 bytes");
      continue;
    }
    const auto message = read_message((*element)->text);
    if (!message)
      flaw(place, message.error());
    else if (!each(*message))
      return false;
  }
}

// --- the first time: who was there from the beginning

void ConversationReader::look(const Message& message) {
  if (message.type != "message" || (!message.comes() && !message.goes() && !message.speaks())) return;
  if (const auto* person = author(message)) first_.try_emplace(person, message.comes());
}

const Person* ConversationReader::creator() const {
  if (const auto* person = people_.find(conversation_.creator)) return person;
  for (const auto& member : conversation_.members)
    if (const auto* person = people_.find(member)) return person;
  return conversation_.kind == core::ChannelKind::Public ? people_.owner() : nullptr;
}

bool ConversationReader::bring_bots() {
  const auto& owner = people_.owner()->id;
  return std::ranges::all_of(bots_, [&](const Person* bot) {
    return say(conversation_.created, NewUser{bot->id, bot->name, std::nullopt}) &&
           say(conversation_.created, WorkspaceJoin{kWorkspace, owner, bot->id, std::nullopt});
  });
}

bool ConversationReader::begin_direct() {
  NewChannel made{.id = conversation_.id, .kind = conversation_.kind};
  for (const auto& member : conversation_.members) {
    const auto* person = people_.find(member);
    if (person == nullptr) return leave_out("unknown_user", member + " is not in users.json"), true;
    made.members.push_back(person->id);
  }
  if (made.members.empty() || made.members.size() > 2) return leave_out("wrong_entry", "a direct message is of two"), true;
  made.by = made.members.front();
  made.members.erase(made.members.begin());
  return say(conversation_.created, std::move(made));
}

bool ConversationReader::begin() {
  where_ = conversation_.folder;
  if (!bring_bots()) return false;
  if (conversation_.kind == core::ChannelKind::Direct) return begin_direct();
  NewChannel made{.id = conversation_.id, .kind = conversation_.kind, .workspace = kWorkspace, .name = conversation_.name};
  const auto* by = creator();
  if (by == nullptr) return leave_out("unknown_user", "none of its members is in users.json"), true;
  if (people_.find(conversation_.creator) == nullptr)
    leave_out("unknown_creator", conversation_.creator + " is not in users.json; " + by->id.text + " stands for him");
  made.by = by->id;
  made.topic = plain_text(conversation_.topic, names_);
  if (!codec::wrong_with_topic(made.topic).empty()) made.topic = conversation_.topic;  // whose names are shorter
  for (const auto& member : conversation_.members) {
    const auto* person = people_.find(member);
    if (person == nullptr)
      leave_out("unknown_user", member + " is not in users.json");
    else
      first_.try_emplace(person, false);
  }
  for (const auto& [person, came] : first_)
    if (!came) made.members.push_back(person->id);
  std::ranges::sort(made.members);
  return say(conversation_.created, std::move(made));
}

// --- the second time

bool ConversationReader::take(const Message& message) {
  where_ = where(message.ts);
  if (message.type != "message") return leave_out("type_" + message.type, "it is no message"), true;
  if (!edits_until(message.at)) return false;
  where_ = where(message.ts);
  newest_ = std::max(newest_, message.at);
  if (message.comes()) return take_coming(message);
  if (message.goes()) return take_going(message);
  if (message.speaks()) return take_post(message);
  return leave_out("subtype_" + message.subtype, "it says nothing that a message here could"), true;
}

const Person* ConversationReader::author(const Message& message) {
  if (const auto* person = people_.find(message.user)) return person;
  if (message.user == kSlackbot) {
    const auto* person = people_.find_bot(message.user);
    return person != nullptr ? person : bots_.emplace_back(&people_.add_bot(message.user, "Slackbot"));
  }
  if (!message.user.empty() || message.bot_id.empty()) return nullptr;
  const auto* bot = people_.find_bot(message.bot_id);
  return bot != nullptr ? bot : bots_.emplace_back(&people_.add_bot(message.bot_id, message.bot_name));
}

const Person* ConversationReader::author_or_say(const Message& message) {
  const auto* person = author(message);
  if (person == nullptr)
    leave_out("unknown_user", message.user.empty() ? "nobody said it" : message.user + " is not in users.json");
  return person;
}

bool ConversationReader::take_coming(const Message& message) {
  const auto* person = author_or_say(message);
  if (person == nullptr) return true;
  const auto* inviter = people_.find(message.inviter);
  const bool invited = inviter != nullptr && inviter != person && sink_.is_in(conversation_.id, inviter->id);
  if (sink_.is_in(conversation_.id, person->id)) return true;
  return say(message.at, Join{conversation_.id, invited ? inviter->id : core::UserId{}, person->id, std::nullopt}, message.ts);
}

bool ConversationReader::take_going(const Message& message) {
  const auto* person = author_or_say(message);
  if (person == nullptr || !sink_.is_in(conversation_.id, person->id)) return true;
  return say(message.at, Leave{conversation_.id, person->id, person->id}, message.ts);
}

bool ConversationReader::take_post(const Message& message) {
  const auto* person = author_or_say(message);
  if (person == nullptr) return true;
  Post post{.channel = conversation_.id, .id = message.ts, .by = person->id, .text = text_of(message, names_)};
  if (post.text.empty()) return leave_out("empty_text", "it says nothing"), true;
  if (post.text.size() > codec::kMaxTextBytes)
    return leave_out("text_too_long", "it has " + std::to_string(post.text.size()) + " bytes"), true;
  if (!message.thread_ts.empty() && message.thread_ts != message.ts) post.reply_to = message.thread_ts;
  std::size_t left = 0;
  post.attachments = attachments_of(message, left);
  if (left > 0) leave_out("too_many_files", std::to_string(left) + " of its files found no room");
  post.metadata = metadata_of(message);
  post.bring_in = conversation_.kind != core::ChannelKind::Direct;
  if (!message.edited_ts.empty()) {
    LaterEdit later{std::max(message.edited_at, message.at), message.edited_ts,
                    Edit{conversation_.id, message.ts, person->id, post.text}};
    edits_.push(std::move(later));
  }
  if (!say(message.at, std::move(post))) return false;
  std::size_t kinds = 0;
  for (const auto& [name, users] : message.reactions) {
    if (++kinds > kMaxKinds) {
      leave_out("too_many_reactions", "more than 50 kinds to one message");
      break;
    }
    for (const auto& user : users) {
      const auto* by = people_.find(user);
      if (by == nullptr)
        leave_out("unknown_user", user + " is not in users.json, and reacted");
      else
        of_the_day_.push_back({conversation_.id, message.ts, by->id, emoji_of(name)});
    }
  }
  return edits_.size() <= kMaxKept || edits_until(edits_.top().at);
}

bool ConversationReader::edits_until(core::TimeMs at) {
  while (!edits_.empty() && edits_.top().at <= at) {
    auto [when, edited_ts, edit] = edits_.top();
    edits_.pop();
    where_ = where(edit.message);
    if (!say(when, std::move(edit), std::move(edited_ts))) return false;
  }
  return true;
}

bool ConversationReader::react(const Reaction& reaction, core::TimeMs at) {
  where_ = where(reaction.message);
  return say(at, reaction, {}, true);
}

bool ConversationReader::reactions_of_the_day() {
  for (auto& reaction : std::exchange(of_the_day_, {})) {
    if (sink_.is_in(conversation_.id, reaction.by)) {
      if (!react(reaction, newest_)) return false;
    } else if (at_the_end_.size() < kMaxKept) {
      at_the_end_.push_back(std::move(reaction));
    } else {
      where_ = where(reaction.message);
      leave_out("not_in_channel", reaction.by.text + " reacted, and is not in the channel");
    }
  }
  return true;
}

bool ConversationReader::end() {
  if (!edits_until({std::numeric_limits<std::int64_t>::max()})) return false;
  newest_ = std::max(newest_, conversation_.created);
  file_ = conversation_.folder;
  for (const auto& reaction : std::exchange(at_the_end_, {}))
    if (!react(reaction, newest_)) return false;
  for (const auto& [message, user, at] : conversation_.pins) {
    where_ = where(message);
    const auto* by = people_.find(user);
    if (by == nullptr) leave_out("unknown_user", user + " is not in users.json, and pinned it");
    if (by != nullptr && !say(at, Pin{conversation_.id, message, by->id}, {}, true)) return false;
  }
  where_ = conversation_.folder;
  if (!say(newest_, AllRead{conversation_.id}, {}, true)) return false;
  if (!conversation_.archived) return true;
  return say(newest_, Update{.channel = conversation_.id, .archived = true}, "archived", true);
}

}  // namespace parley::migrate::slack
