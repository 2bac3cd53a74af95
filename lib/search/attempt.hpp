// Xapian's exceptions end here. Inside lib/search only.
#pragma once

#include <xapian.h>

#include <filesystem>
#include <system_error>

#include "search/error.hpp"

namespace parley::search {

inline Error error_of(const Xapian::Error& error) {
  const std::string type = error.get_type();
  const auto* reason = error.get_error_string();
  const bool lacks_a_file =
      type == "DatabaseNotFoundError" ||
      (reason != nullptr && reason == std::make_error_code(std::errc::no_such_file_or_directory).message());
  const bool damaged = type == "DatabaseCorruptError" || type == "DatabaseVersionError" || type == "SerialisationError";
  return {damaged || lacks_a_file ? ErrorKind::Damaged : ErrorKind::Failed, error.get_description()};
}

template <class Work>
auto attempt(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const Xapian::Error& error) {
    return std::unexpected(error_of(error));
  } catch (const std::filesystem::filesystem_error& error) {
    return std::unexpected(Error{ErrorKind::Failed, error.what()});
  }
}

}  // namespace parley::search
