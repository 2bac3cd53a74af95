#include "core/apply.hpp"

#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kKeyReused{Code::KeyReused, "the key was used for another command"};

Decision rejected(const Refusal& refusal) {
  return {.outcome = {.status = Status::Rejected, .code = refusal.code, .detail = refusal.detail}};
}

bool is_remembered(const Earlier& earlier, const State& state, const Rules& rules, TimeMs now) {
  const auto log_time = std::max(state.log_time(), now);
  const auto since = std::min(earlier.at, log_time);
  // Unsigned: the difference of any two times fits.
  const auto age_ms = static_cast<std::uint64_t>(log_time.value) - static_cast<std::uint64_t>(since.value);
  return rules.dedup_window_ms > 0 && age_ms < static_cast<std::uint64_t>(rules.dedup_window_ms);
}

Decision decide_new(const Case& c) {
  auto verdict = std::visit([&c](const auto& payload) { return rule(c, payload); }, c.command.payload);
  auto decision = verdict ? *std::move(verdict) : rejected(verdict.error());
  decision.outcome.at = c.now();
  decision.first = c.command.id;
  return decision;
}

// The channel that a command is about.
struct ChannelOf {
  template <class P>
  const ChannelId* operator()(const P& payload) const {
    if constexpr (requires { payload.channel; }) return &payload.channel;
    return nullptr;
  }
};

// The message that a payload names; seq 0: none.
struct MessageOf {
  const State& state;

  MessageRef operator()(const EditMessage& edit) const { return {edit.channel, edit.seq}; }
  MessageRef operator()(const RetractMessage& retract) const { return {retract.channel, retract.seq}; }
  MessageRef operator()(const PostMessage& post) const { return {post.channel, post.reply_to}; }
  MessageRef operator()(const HideMessage& hide) const { return {hide.channel, hide.seq}; }
  MessageRef operator()(const SetReaction& set) const { return {set.channel, set.seq}; }
  MessageRef operator()(const SetPin& set) const { return {set.channel, set.seq}; }
  MessageRef operator()(const MoveCursor& move) const {
    const auto* channel = state.channel(move.channel);
    return {move.channel, channel && tells_authors(channel->head.kind) ? move.seq : Seq{}};
  }
  template <class P>
  MessageRef operator()(const P&) const {
    return {};
  }
};

}  // namespace

StreamId stream_in(const State& state, const Command& command) {
  if (const auto* channel = std::visit(ChannelOf{}, command.payload)) {
    if (const auto workspace = state.workspace_of(*channel)) return stream_of(*workspace);
  }
  return command.stream;
}

std::optional<MessageRef> wanted_message(const State& state, const Command& command) {
  const auto ref = std::visit(MessageOf{state}, command.payload);
  if (ref.seq.value == 0) return std::nullopt;
  const auto* channel = state.channel(ref.channel);
  if (!channel || ref.seq > channel->head.last_seq) return std::nullopt;
  return ref;
}

bool wants_reactors(const Command& command) { return std::holds_alternative<EditMessage>(command.payload); }

std::optional<Mark> wanted_mark(const Command& command) {
  if (const auto* set = std::get_if<SetReaction>(&command.payload)) return Mark{{set->channel, set->seq}, set->emoji};
  if (const auto* hide = std::get_if<HideMessage>(&command.payload)) return Mark{{hide->channel, hide->seq}, {}};
  return std::nullopt;
}

std::optional<Mentions> wanted_mentions(const State& state, const Command& command) {
  std::optional<Mentions> passed;
  if (const auto* post = std::get_if<PostMessage>(&command.payload)) passed = {post->channel, {~std::uint64_t{0}}};
  if (const auto* move = std::get_if<MoveCursor>(&command.payload); move && move->kind == CursorKind::Read)
    passed = {move->channel, move->seq};
  const auto* channel = passed ? state.channel(passed->channel) : nullptr;
  const auto* member = channel ? find_member(channel->members, command.user) : nullptr;
  return member && member->mention_count > 0 ? passed : std::nullopt;
}

const SiteName* wanted_name(const Command& command) {
  if (const auto* reserve = std::get_if<ReserveName>(&command.payload)) return &reserve->name;
  if (const auto* release = std::get_if<ReleaseName>(&command.payload)) return &release->name;
  return nullptr;
}

bool wants_account(const Command& command) { return std::holds_alternative<CreateAccount>(command.payload); }

Decision decide(const State& state, const Rules& rules, const Command& command, const Facts& facts) {
  const Case c{state, command, facts};
  if (command.key.empty() || !facts.earlier || !is_remembered(*facts.earlier, state, rules, c.now())) return decide_new(c);
  const auto& earlier = *facts.earlier;
  if (earlier.payload_hash == command.payload_hash) {
    return {.outcome = earlier.outcome, .duplicate = true, .first = earlier.command};
  }
  auto decision = rejected(kKeyReused);
  decision.outcome.at = c.now();
  decision.first = command.id;
  return decision;
}

Decision apply(State& state, const Rules& rules, const Command& command, const Facts& facts) {
  auto decision = decide(state, rules, command, facts);
  for (const auto& change : decision.changes) state.evolve(change);
  state.advance(command.received_at);
  return decision;
}

}  // namespace parley::core
