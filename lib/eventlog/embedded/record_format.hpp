// The bytes of a record in the embedded log, under its offset (8 bytes, big-endian) in its partition's column family:
//
//   1 byte           format, 1
//   varint           length of type (LEB128, at most 5 bytes)
//   type
//   varint           length of key
//   key
//   the rest         value
//
// There is no checksum of its own: RocksDB has one over every block and every record of its write-ahead log.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

// Key of an offset; sorts as the offsets do.
std::array<char, 8> offset_key(Offset offset);
std::optional<Offset> offset_of(std::string_view key);

// What stands before the value.
void encode_head(std::string_view type, std::string_view key, std::string& head);
// None: not what encode_head wrote.
std::optional<Record> decode_record(Offset offset, std::string_view bytes);

}  // namespace parley::eventlog
