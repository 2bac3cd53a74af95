// A table's keys among all keys of the store: its id, then the key.
#pragma once

#include <string>
#include <string_view>

#include "store/store.hpp"

namespace parley::store {

inline std::string key_in(TableId table, std::string_view key) {
  std::string whole;
  whole.reserve(1 + key.size());
  whole.push_back(static_cast<char>(table));
  whole.append(key);
  return whole;
}

// The first key above every one that begins with `prefix`; empty: there is none.
std::string end_of_prefix(std::string prefix);

}  // namespace parley::store
