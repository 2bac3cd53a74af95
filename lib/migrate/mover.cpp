#include "migrate/mover.hpp"

#include "migrate/taking.hpp"

namespace parley::migrate {
namespace {

// Can it be foreseen (foresight.hpp)?
bool is_foreseeable(const core::Payload& payload) {
  return !std::holds_alternative<core::EditMessage>(payload) && !std::holds_alternative<core::RetractMessage>(payload) &&
         !std::holds_alternative<core::SetReaction>(payload) && !std::holds_alternative<core::SetPin>(payload);
}

// Are the id of what it makes and its key one?
bool is_creation(const core::Payload& payload) {
  return std::holds_alternative<core::CreateWorkspace>(payload) || std::holds_alternative<core::CreateChannel>(payload);
}

// A word for the report.
std::string_view reason_of(core::Code code) {
  switch (code) {
    case core::Code::Forbidden:
      return "forbidden";
    case core::Code::NotFound:
      return "not_found";
    case core::Code::Conflict:
      return "conflict";
    default:
      return "refused";
  }
}

}  // namespace

Mover::Mover(Seen& seen, Foresight& foresight, Sender& sender, const Past& past, const keys::KeyTable& keys, Report& report,
             MoverOptions options)
    : seen_(seen), foresight_(foresight), sender_(sender), past_(past), keys_(keys), report_(report), options_(options) {
  sender_.on_settled([this](const Ticket& ticket, const core::Outcome& outcome) { settled(ticket, outcome); });
}

bool Mover::take(Entry entry) {
  // A guess that has not come yet is none: it comes with what was last in its channel.
  if (entry.about_then && entry.at > options_.now) entry.at = {};
  if (is_late(entry)) return failure().empty();
  entry_ = &entry;
  at_ = entry.at;
  std::visit(Taking{*this}, entry.what);
  entry_ = nullptr;
  return failure().empty();
}

// A time that has not come yet would drive the log's own clock ahead, for everybody and for ever.
bool Mover::is_late(const Entry& entry) {
  if (entry.at >= core::TimeMs{0} && entry.at <= options_.now) return false;
  leave_out("wrong_time", entry.where, entry.at < core::TimeMs{0} ? "it is before 1970" : "it is in the future");
  return true;
}

void Mover::leave_out(std::string_view kind, std::string_view where, std::string_view why) {
  report_.left_out(kind, where, why);
}

Mover::Fate Mover::drop(std::string_view kind, std::string_view why) {
  report_.left_out(kind, entry_->where, why);
  return Fate::LeftOut;
}

Mover::Fate Mover::bring(Wish wish) {
  const auto hash = wish.key.hash;
  if (is_known(wish.key, wish.kind)) return wish.key.standing == Standing::There ? Fate::There : Fate::LeftOut;
  if (codec::has_words(wish.payload) && keys_.destroyed_below(wish.by) > 0)
    return drop("author_erased", wish.by.text + " had his words erased here");
  Ticket ticket{.key = hash, .kind = wish.kind, .where = entry_->where};
  auto command = sender_.command(wish.by, wish.payload, at_);
  put_hash(command, hash);
  if (is_creation(wish.payload)) command.key = std::move(wish.key.text);
  const auto fate = is_foreseeable(wish.payload) ? foretold(command, ticket) : Fate::Sent;
  if (fate != Fate::Sent && !entry_->keep_refused) return fate;
  if (ticket.channel) seen_.put(hash, {Place::Kind::Sent, ticket.foreseen.value, true});
  return sender_.send(std::move(command), std::move(ticket)) ? fate : Fate::Failed;
}

Mover::Fate Mover::foretold(const core::Command& command, Ticket& ticket) {
  const auto decision = foresight_.decide(command);
  const bool refused = decision.outcome.status == core::Status::Rejected;
  if (!entry_->keep_refused) {
    if (refused) return drop(reason_of(decision.outcome.code), decision.outcome.detail);
    if (decision.changes.empty()) return Fate::Unchanged;
  }
  foresight_.accept(command, decision);
  if (const auto* post = std::get_if<core::PostMessage>(&command.payload)) {
    ticket.channel = post->channel;
    ticket.foreseen = decision.outcome.seq;
  }
  return refused ? Fate::LeftOut : Fate::Sent;
}

void Mover::settled(const Ticket& ticket, const core::Outcome& outcome) {
  const bool accepted = outcome.status == core::Status::Accepted;
  if (accepted)
    report_.brought(ticket.kind);
  else
    report_.left_out(reason_of(outcome.code), ticket.where, outcome.detail);
  if (!ticket.channel) return;
  if (options_.alone) {
    if (outcome.seq != ticket.foreseen) failure_ = "somebody else writes to the log at the same time";
    return;
  }
  if (!accepted) return;
  seen_.put(ticket.key, {Place::Kind::Confirmed, outcome.seq.value, true});
  foresight_.saw(*ticket.channel, outcome.seq);
}

Mover::Key Mover::once(Parts parts) {
  auto made = key(parts);
  made.standing = seen_.say(made.hash);
  return made;
}

Mover::Key Mover::next(Parts parts, std::string_view content, Parts undone) {
  if (entry_->mark.empty()) return once(parts);
  auto made = key(parts);
  if (undone.size() > 0) seen_.undo(key(undone).hash);
  // Never 0, which is the content of what was undone.
  const auto time = seen_.say_again(made.hash, static_cast<std::uint32_t>(std::hash<std::string_view>{}(content)) | 1);
  made.standing = time.standing;
  if (time.nth == 1 || time.standing == Standing::Doubled) return made;
  made.text += "." + std::to_string(time.nth);
  made.hash = hash_of(made.text);
  made.standing = seen_.say(made.hash);
  return made;
}

bool Mover::is_known(const Key& key, std::string_view kind) {
  if (key.standing == Standing::There) report_.there(kind);
  if (key.standing == Standing::Doubled) drop("doubled", "the same was said before");
  return key.standing != Standing::New;
}

bool Mover::finish() { return sender_.drain() && failure().empty(); }

std::optional<core::ChannelId> Mover::channel_of(const std::string& channel) const {
  if (!channel.empty() && last_channel_.first == channel) return last_channel_.second;
  const auto made = seen_.made(key({"channel", channel}).hash);
  if (!made) return std::nullopt;
  last_channel_ = {channel, core::ChannelId{*made}};
  return last_channel_.second;
}

std::optional<core::WorkspaceId> Mover::workspace_of(const std::string& workspace) const {
  const auto made = seen_.made(key({"workspace", workspace}).hash);
  return made ? std::optional(core::WorkspaceId{*made}) : std::nullopt;
}

bool Mover::has_channel(const std::string& channel) const {
  const auto id = channel_of(channel);
  return id && foresight_.channel(*id) != nullptr;
}

bool Mover::is_in(const std::string& channel, const core::UserId& user) const {
  const auto id = channel_of(channel);
  return id && foresight_.is_in(*id, user);
}

std::optional<core::Seq> Mover::message_of(const core::ChannelId& id, const std::string& channel, const std::string& message) {
  const auto hash = key({"message", channel, message}).hash;
  auto place = seen_.find(hash);
  if (!options_.alone)
    while (place && place->kind == Place::Kind::Sent && place->number > 0 && sender_.await_one()) place = seen_.find(hash);
  if (!place || (place->kind == Place::Kind::Sent && place->number == 0)) return std::nullopt;
  if (place->kind == Place::Kind::Confirmed || (place->kind == Place::Kind::Sent && options_.alone))
    return core::Seq{place->number};
  const auto* found = foresight_.channel(id);
  if (place->kind != Place::Kind::Logged || found == nullptr) return std::nullopt;
  const auto seq = past_.seq_of(id, place->number, found->head.last_seq);
  if (seq) seen_.put(hash, {Place::Kind::Confirmed, seq->value, place->said});
  return seq;
}

}  // namespace parley::migrate
