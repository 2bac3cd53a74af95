// The index of one partition's messages, as its one writer sees it: a Xapian database in a directory of its own.
//
// Operation: documents and how far the index has come are committed in one transaction, and are on disk when write() returns.
// What is put replaces what was there for the same message, so to do something twice does no harm.
// Concurrency: one thread; readers (searcher.hpp) look on from any other. Ownership: locks its directory. Errors: after one,
// drop the Index and open it again: what was not committed is not in it. Limits: memory grows with one Batch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "search/document.hpp"
#include "search/error.hpp"

namespace parley::search {

// How far an index has come.
struct Progress {
  std::uint64_t next_offset = 0;  // of the log: what was folded before it is in the index
  bool purge = false;             // something was dropped that must not stay in the files
  bool building = false;          // from the rows of the messages: they are in it up to `built_to`
  std::string built_to;           // a row's key
  bool operator==(const Progress&) const = default;
};

struct Batch {
  std::vector<Document> put;
  std::vector<core::MessageRef> removed;
  bool all_new = false;  // none of what is put is in the index
};

class Index {
 public:
  // Makes a new one where there is none. `language` is the one of is_language(). `between`, if there is one, is called again
  // and again in the midst of a write().
  static Result<std::unique_ptr<Index>> open(const std::filesystem::path& dir, const std::string& language,
                                             std::function<void()> between = {});
  // Killed anywhere, it is there as a whole or not at all. REQUIRES: nobody has it open for writing.
  static Result<void> remove(const std::filesystem::path& dir);
  virtual ~Index() = default;

  // None in a new one.
  [[nodiscard]] virtual const std::optional<Progress>& progress() const = 0;
  virtual Result<void> write(const Batch& batch, const Progress& progress) = 0;
  // Removes up to `at_most` messages of the channel; returns how many there were.
  virtual Result<std::size_t> remove_channel(const core::ChannelId& channel, std::size_t at_most) = 0;
  // Writes the whole index anew, into files that have never held what was dropped, and puts them in the place of the old ones.
  // Takes about a tenth of the time of indexing. Killed anywhere, the old or the new one is there, or none, and it is built
  // again.
  virtual Result<void> purge() = 0;
};

// A SHA-256, in hex, over all that is in it (documents by their messages, terms, positions, values), whatever the order in
// which it was made; for comparing an index with one that was built again. And how far it has come.
struct Digest {
  std::string hex;
  std::uint64_t documents = 0;
  Progress progress;
};
Result<Digest> digest(const std::filesystem::path& dir);

}  // namespace parley::search
