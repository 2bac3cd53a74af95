// What can go wrong with an index.
#pragma once

#include <expected>
#include <string>

namespace parley::search {

enum class ErrorKind : std::uint8_t {
  Failed,   // now: a full disk, another process that has it
  Damaged,  // it can't be read, or was made by another version or for another language: it is to be made anew
  Timeout,  // the deadline of a search came first
};
struct Error {
  ErrorKind kind = ErrorKind::Failed;
  std::string what;
};
template <class T>
using Result = std::expected<T, Error>;

}  // namespace parley::search
