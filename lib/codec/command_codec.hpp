// Commands as the bytes of the log (schemas/parley/v1/command.proto).
//
// Concurrency: pure functions, any thread. Limits: those of limits.hpp, held when decoding, so that what comes out of the log
// is as sound as what ingest put in, whoever wrote it.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "codec/control.hpp"
#include "codec/decode_error.hpp"
#include "core/command.hpp"

namespace parley::codec {

inline constexpr std::uint32_t kRulesVersion = 1;
struct BodyKey;  // seal.hpp

std::string encode(const core::Command& command);
// Total: every string of bytes gives a command that ingest could have written, or the first thing that is wrong with it.
std::expected<core::Command, DecodeError> decode_command(std::string_view bytes);

// The stream that a command with this payload is appended to: the workspace, channel or name that it names, else the user's
// own.
core::StreamId stream_for(const core::Payload& payload, const core::UserId& user);

// "parley.command.post_message.v1" and so on.
std::string_view event_type(const core::Payload& payload);
// The number of its field in parley.v1.Command, and that field's name; empty: no such.
std::uint32_t kind_of(const core::Payload& payload);
std::string_view name_of_kind(std::uint32_t kind);
inline std::string_view event_type(const core::Command& command) { return event_type(command.payload); }

// Sets `payload_hash`: the first 16 bytes of a SHA-256 over what the client asked for. Two commands with the same key are the
// same request when their hashes are the same. What is hashed: the payload's type and its fields in order, each behind its
// length; ids in it are those the client named, or made of the key, so a retry has them again. Left out: `direct_to`, since
// the channel's id says the same, and everything about the sending (ids, times, origin). The encoding is stored with keys and
// never changes.
//
// With a `key` it is the HMAC-SHA256 of the same under that key: what is hashed is sealed beside it, and must not be guessed.
void set_payload_hash(core::Command& command, const BodyKey* key = nullptr);

// The CloudEvents 1.0 attributes of a record, for the log's headers.
struct EventAttributes {
  std::string type;
  std::string id;
  std::string source;       // "/parley/ingest/<gateway>"
  std::string time;         // RFC 3339
  std::string subject;      // "channel/<id>", "workspace/<id>", "name/<namespace>/<name>" or "user/<id>"
  std::string traceparent;  // empty: none
};
EventAttributes event_attributes(const core::Command& command);
EventAttributes event_attributes(const Control& control, core::TimeMs now);

}  // namespace parley::codec
