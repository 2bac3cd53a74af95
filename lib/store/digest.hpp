// Are two stores the same? A digest of each table for the quick answer, the first difference for the useful one.
#pragma once

#include <array>

#include "store/store.hpp"

namespace parley::store {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 over the table's entries in the order of their keys: length of key (8 bytes, big-endian), key, length of value,
// value.
Stored<Digest> digest(const Snapshot& snapshot, TableId table);
std::string hex(const Digest& digest);

// A key that the stores do not agree on, and what each has there.
struct Difference {
  std::string key;
  std::optional<std::string> in_a;
  std::optional<std::string> in_b;
};
// None: the tables are equal.
Stored<std::optional<Difference>> first_difference(const Store& a, const Store& b, TableId table);

}  // namespace parley::store
