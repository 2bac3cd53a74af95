// One conversation of an export, day by day, as entries in the order of time.
//
// Operation: two times over the day files. The first finds who was there from the beginning: members, and those who write or
// leave without having come. The second tells everything. Edits are told when they come to pass; reactions, of which the export
// has no times, at the end of their day, and those of people who are not there yet or any more at the very end.
// Concurrency: one thread. Ownership: all that it is given must outlive it. Limits: kMaxKept edits and as many reactions are
// kept back; an edit beyond is told at once, a reaction beyond is left out.
#pragma once

#include <functional>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include "migrate/sink.hpp"
#include "migrate/slack/conversation.hpp"
#include "migrate/slack/message.hpp"
#include "migrate/slack/people.hpp"

namespace parley::migrate::slack {

inline const std::string kWorkspace = "workspace";  // there is one in an export

class ConversationReader {
 public:
  static constexpr std::size_t kMaxKept = 20'000;

  ConversationReader(const Conversation& conversation, std::vector<DayFile> files, People& people,
                     const std::unordered_map<std::string, std::string>& names, Sink& sink);
  // False: the sink can't go on, or `progress`, which hears how many bytes are behind, said so.
  bool run(const std::function<bool(std::uint64_t bytes)>& progress);
  [[nodiscard]] std::uint64_t bytes() const;  // of all its files

 private:
  struct LaterEdit {
    core::TimeMs at;
    std::string edited_ts;
    Edit edit;
    bool operator>(const LaterEdit& other) const { return at > other.at; }
  };
  using Each = std::function<bool(const Message& message)>;

  bool begin();
  bool begin_direct();
  bool bring_bots();
  bool end();
  bool read(const DayFile& file, bool tell_flaws, const Each& each);
  void look(const Message& message);
  bool take(const Message& message);
  bool take_coming(const Message& message);
  bool take_going(const Message& message);
  bool take_post(const Message& message);
  bool edits_until(core::TimeMs at);
  bool reactions_of_the_day();
  bool react(const Reaction& reaction, core::TimeMs at);

  // Who says it; null: nobody who is known.
  const Person* author(const Message& message);
  const Person* author_or_say(const Message& message);
  const Person* creator() const;
  bool say(core::TimeMs at, decltype(Entry::what) what, std::string mark = {}, bool about_then = false);
  void leave_out(std::string_view kind, std::string_view why);
  [[nodiscard]] std::string where(std::string_view ts) const { return file_ + " " + std::string(ts); }

  const Conversation& conversation_;
  std::vector<DayFile> files_;
  People& people_;
  Sink& sink_;
  Names names_;

  // --- of the first time
  std::unordered_map<const Person*, bool> first_;  // who was met: did he come, at first?
  std::vector<const Person*> bots_;                // who were not known before

  // --- of the second
  std::string file_;
  std::string where_;  // of what is being told
  core::TimeMs newest_;
  std::priority_queue<LaterEdit, std::vector<LaterEdit>, std::greater<>> edits_;
  std::vector<Reaction> of_the_day_;
  std::vector<Reaction> at_the_end_;
};

}  // namespace parley::migrate::slack
