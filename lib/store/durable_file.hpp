// Files that are there, whole, after a power cut.
#pragma once

#include "store/store.hpp"

namespace parley::store {

// Replaces the file by one with this text: the old one or the new one is there, never half of it.
Stored<void> replace_file(const std::filesystem::path& path, std::string_view text);
// Makes the names in the directory durable.
Stored<void> sync_directory(const std::filesystem::path& dir);

}  // namespace parley::store
