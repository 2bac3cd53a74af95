// Where keys are kept: made once for each user who writes, and destroyed when he is erased. Two adapters: rows on this
// machine's disk beside the embedded log (open_disk_key_store), and a log of one partition that is compacted, on Kafka
// (open_log_key_store).
//
// Operation: what was asked for is durable, and in the table, when `done` is called. A key that is destroyed is forgotten by
// every table that reads on from there; its bytes leave the disk with the next compaction (at once, with the rows).
// Concurrency: any thread; `done` is called on a thread of the store's, must be quick and must not block. Errors: what the
// store said, below; asking again is always safe.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <memory>

#include "eventlog/event_log.hpp"
#include "keys/key_table.hpp"

namespace parley::keys {

enum class Told : std::uint8_t {
  Done,
  Refused,  // nothing was done
  Unknown,  // it may be done, or may be yet
};

class KeyStore {
 public:
  using Done = std::function<void(Told)>;
  virtual ~KeyStore() = default;

  // Then the user has a key: table().current(user).
  virtual void make(core::UserId user, Done done) = 0;
  // Then he has none of those that he had, and is among table().erasing(). While it is not known whether it is done he has
  // none to seal with.
  virtual void destroy(core::UserId user, Done done) = 0;
  // Then he is no longer, unless more was destroyed since: `below` is what table().destroyed_below() said after destroy().
  virtual void finish(core::UserId user, std::uint64_t below, Done done) = 0;
  // From now on everything is refused; waits for what was asked, at most `deadline`.
  virtual void close(std::chrono::milliseconds deadline) = 0;
  [[nodiscard]] virtual bool healthy() const = 0;
  [[nodiscard]] const KeyTable& table() const { return table_; }

 protected:
  KeyTable table_;
};

// Who makes keys sees to it that the table is the log's (`epoch`); who only reads them opens it Reading.
enum class Access : std::uint8_t {
  Writing,
  Beginning,  // Writing, and begins a table where there is none
  Reading,
};
inline constexpr std::string_view kPutThemBack =
    ", and the log has what may be sealed with them: put them back; if they are lost for good, --new-keys on begins anew";
// The errors are sentences: it can't be read, is not there, or is another log's. `first`: the first number of a table that
// is begun.
std::expected<std::unique_ptr<KeyStore>, std::string> open_disk_key_store(const std::filesystem::path& dir, std::uint64_t epoch,
                                                                          Access access, std::uint64_t first = 1);
std::expected<std::unique_ptr<KeyStore>, std::string> open_log_key_store(std::unique_ptr<eventlog::EventLog> log,
                                                                         std::uint64_t epoch, Access access,
                                                                         std::chrono::milliseconds deadline);

}  // namespace parley::keys
