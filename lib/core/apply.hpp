// The rules of chat: one pure, total, deterministic function that decides in log order. No clock, no random, no I/O, no
// iteration over an unordered container: times and ids come in with the command. Projector and broadcaster run it over the
// same records, so that they can't disagree.
//
// Concurrency: none of its own; runs on the partition's fold thread. Errors: a rejection is a value, never an exception.
#pragma once

#include <expected>
#include <vector>

#include "core/state.hpp"

namespace parley::core {

// The one parameter of the rules, recorded in the log's first record.
struct Rules {
  std::int64_t dedup_window_ms = std::int64_t{24} * 3600 * 1000;
};

// An earlier command with the same stream, user and key.
struct Earlier {
  PayloadHash payload_hash{};
  TimeMs at;  // in the log's own time
  CommandId command;
  Outcome outcome;
};

// What `decide` can't find in the State because it would grow with history; the fold looks it up. To find an earlier command
// next time, the fold remembers the outcome of every command with a key under stream_in(), user and key: a rejection too, but
// neither a duplicate nor KeyReused, which leave the first one's in place.
struct Facts {
  std::optional<Earlier> earlier;          // needed when the command has a key
  std::optional<Message> message;          // needed when wanted_message() names one
  bool has_account = false;                // needed when wants_account() asks: the sender has one
  bool marked = false;                     // needed when wanted_mark() names one: the user has made it
  std::optional<Reservation> reservation;  // needed when wanted_name() names one that was ever reserved
  std::vector<Seq> mentions;               // needed when wanted_mentions() asks: those that it asks for, in order
};

// The stream whose order decides the command and scopes its key: the workspace of a channel that has one (which the sender
// can't know without a look-up), else what the command was keyed by.
StreamId stream_in(const State& state, const Command& command);

// The message that the rules must see to decide this command: the one edited, retracted, answered or marked.
struct MessageRef {
  ChannelId channel;
  Seq seq;
};
std::optional<MessageRef> wanted_message(const State& state, const Command& command);

// Needs whoever reacted to it, by name: it is told again whole.
bool wants_reactors(const Command& command);

// Marks that users make on messages and that are as many as they like to make: the rules must know of one whether it is there.
struct Mark {
  MessageRef message;
  std::string_view emoji;  // of a reaction; empty: hidden. Points into the command
};
std::optional<Mark> wanted_mark(const Command& command);

// Messages that name the sender, which his cursor would pass: those that he has not read, up to a seq.
struct Mentions {
  ChannelId channel;
  Seq up_to;
};
std::optional<Mentions> wanted_mentions(const State& state, const Command& command);

// The name that is reserved or released, of which the rules must know who has it. Null: none is.
const SiteName* wanted_name(const Command& command);

// Must the rules know whether the sender has an account?
bool wants_account(const Command& command);

struct Decision {
  Outcome outcome;
  std::vector<Change> changes;  // in order; empty when rejected or when nothing changes
  bool duplicate = false;       // the outcome is an earlier command's
  CommandId first;              // whose outcome it is: this command's own, or the earlier one's
};

// REQUIRES: `facts` has what `command` needs. A message that isn't there is taken for one that doesn't exist.
Decision decide(const State& state, const Rules& rules, const Command& command, const Facts& facts);

// decide, then evolve, and the clock moves on.
Decision apply(State& state, const Rules& rules, const Command& command, const Facts& facts);

}  // namespace parley::core
