// Why bytes that someone else wrote can't be taken for a command. Kept with the dead letter, so that an operator sees why.
#pragma once

#include <cstdint>
#include <string_view>

namespace parley::codec {

enum class DecodeError : std::uint8_t {
  NotProtobuf,  // or a string in it is not UTF-8
  NoPayload,    // none, or one that this program does not know
  BadId,        // not 16 bytes, or not the id that its parts make
  BadStream,    // not the stream that the payload names
  BadUser,
  BadKey,     // too long, or a payload hash without a key, or a key without one
  BadText,    // empty, too long, control characters where none may be
  BadNumber,  // a seq or version out of range
  BadTime,
  BadEnum,
  BadJson,   // attachments or metadata
  BadShape,  // fields that don't go together
};

std::string_view text(DecodeError e);

}  // namespace parley::codec
