// What the key table is made of: records in order, each with a number (schemas/parley/v1/key.proto).
//
// Concurrency: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "codec/seal.hpp"

namespace parley::keys {

// A new key of the user's, with this record's number.
struct Made {
  std::array<std::uint8_t, codec::BodyKey::kSecretBytes> secret{};
};
// In the place of a key that is gone.
struct Destroyed {};
// Every key of the user's with a lower number than this record's is destroyed.
struct Erasing {};
// Of what those keys sealed nothing is left in any partition.
struct Erased {
  std::uint64_t below = 0;
};
// The log that the table belongs to.
struct Epoch {
  std::uint64_t epoch = 0;
};

struct KeyRecord {
  core::UserId user;
  std::variant<Made, Destroyed, Erasing, Erased, Epoch> what;
};

std::string encode(const KeyRecord& record);
// None: not a record of a key table. Total.
std::optional<KeyRecord> decode_key_record(std::string_view bytes);

}  // namespace parley::keys
