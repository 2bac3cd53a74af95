// Makes commands of what an export says, and leaves out what is in the log already.
//
// Operation: each entry becomes a command with the original time and author, whose key says what of the source it is. What has
// its key in the log is there; what the rules would refuse is told to the report, and sent only if it is to be refused for ever
// (Entry::keep_refused). A message that is answered, edited or marked is known by its seq, which is foreseen; beside others who
// write (`alone` false) it is waited for.
// Concurrency: one thread. Ownership: everything that it is given must outlive it. Limits: memory grows with the messages of
// the source by what Seen takes for each.
#pragma once

#include "migrate/foresight.hpp"
#include "migrate/past.hpp"
#include "migrate/report.hpp"
#include "migrate/seen.hpp"
#include "migrate/sender.hpp"
#include "migrate/sink.hpp"

namespace parley::migrate {

struct MoverOptions {
  core::TimeMs now;   // nothing is later than that
  bool alone = true;  // nobody else writes to the log
};

class Mover final : public Sink {
 public:
  Mover(Seen& seen, Foresight& foresight, Sender& sender, const Past& past, const keys::KeyTable& keys, Report& report,
        MoverOptions options);

  bool take(Entry entry) override;
  void leave_out(std::string_view kind, std::string_view where, std::string_view why) override;
  void damaged(std::string_view where, std::string_view why) override { report_.damaged(where, why); }
  [[nodiscard]] bool has_channel(const std::string& channel) const override;
  [[nodiscard]] bool is_in(const std::string& channel, const core::UserId& user) const override;

  // Waits until all that was sent is decided. False: failed.
  bool finish();
  // Why it can't go on; empty: it can.
  [[nodiscard]] const std::string& failure() const { return failure_.empty() ? sender_.failure() : failure_; }

 private:
  friend struct Taking;
  using Parts = std::initializer_list<std::string_view>;
  struct Key {
    std::string text;
    std::uint64_t hash = 0;
    Standing standing = Standing::New;
  };
  // What a command is to be.
  struct Wish {
    std::string_view kind;
    Key key;
    core::UserId by;
    core::Payload payload;
  };
  enum class Fate : std::uint8_t { Sent, There, Unchanged, LeftOut, Failed };

  Fate bring(Wish wish);
  Fate foretold(const core::Command& command, Ticket& ticket);
  void settled(const Ticket& ticket, const core::Outcome& outcome);
  bool is_late(const Entry& entry);
  Fate drop(std::string_view kind, std::string_view why);

  // --- what the source's names stand for
  [[nodiscard]] std::optional<core::ChannelId> channel_of(const std::string& channel) const;
  [[nodiscard]] std::optional<core::WorkspaceId> workspace_of(const std::string& workspace) const;
  std::optional<core::Seq> message_of(const core::ChannelId& id, const std::string& channel, const std::string& message);
  [[nodiscard]] Key key(Parts parts) const {
    auto text = seen_.source().key(parts);
    const auto hash = hash_of(text);
    return {std::move(text), hash};
  }
  // The key of what the entry says, which it says now. Of this there is but one.
  Key once(Parts parts);
  // Of this there may be more with the same parts, if the entry has a mark: the first has them as key, those behind it have
  // their number as well. What has the same content as the one before it is the same; unless something came between that
  // undid it, whose parts are `undone`.
  Key next(Parts parts, std::string_view content, Parts undone = {});
  // Is it in the log, or doubled? Says so.
  bool is_known(const Key& key, std::string_view kind);

  Seen& seen_;
  Foresight& foresight_;
  Sender& sender_;
  const Past& past_;
  const keys::KeyTable& keys_;
  Report& report_;
  MoverOptions options_;
  std::string failure_;
  const Entry* entry_ = nullptr;  // being taken
  core::TimeMs at_;               // its time
  // The end of what the source says of a channel, so far.
  struct Newest {
    core::TimeMs at;
    std::string message;  // which the log has, or will have
  };
  std::unordered_map<core::ChannelId, Newest> newest_;
  mutable std::pair<std::string, core::ChannelId> last_channel_;  // asked for
};

}  // namespace parley::migrate
