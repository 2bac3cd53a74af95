// What of a source is in the log: a table of the keys' hashes, and the things that it made.
//
// Operation: filled by one pass over the log, then with what is sent. Concurrency: one thread. Limits: 16 bytes a key and
// room to grow, at most 32.
#pragma once

#include <expected>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/command.hpp"
#include "eventlog/event_log.hpp"
#include "migrate/source.hpp"

namespace parley::migrate {

// What of the source is known when the source says it.
enum class Standing : std::uint8_t {
  New,
  There,    // it is in the log from before
  Doubled,  // the source said it before, in this run
};

// What is known of the record that has a key.
struct Place {
  enum class Kind : std::uint8_t {
    Logged = 0,     // it was in the log before; `number` is its offset
    Sent = 1,       // its message will have the seq `number`, unless others write there meanwhile
    Confirmed = 2,  // its message has the seq `number`
  };
  Kind kind = Kind::Logged;
  std::uint64_t number = 0;
  bool said = false;  // by the source, in this run
};

class Seen {
 public:
  explicit Seen(Source source);

  // Reads what is in the log now, and says where each partition ends. The error is a sentence.
  std::expected<std::vector<eventlog::Offset>, std::string> read(eventlog::EventLog& log, std::uint32_t partitions);
  [[nodiscard]] const Source& source() const { return source_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] bool contains(std::uint64_t hash) const { return slot(hash).is_used(hash); }
  [[nodiscard]] std::optional<Place> find(std::uint64_t hash) const;
  void put(std::uint64_t hash, Place place);

  // The source says it now.
  Standing say(std::uint64_t hash);
  // It says it now, and may say it again: which time of this run is it? Said with the same content as the last
  // time it is doubled, and not counted. Its place has another number then.
  struct Time {
    Standing standing = Standing::New;
    std::uint64_t nth = 1;
  };
  Time say_again(std::uint64_t hash, std::uint32_t content);
  // What it said there last is undone: said once more it is not doubled.
  void undo(std::uint64_t hash);

  // What a creation with this key made: a workspace or a channel.
  [[nodiscard]] std::optional<core::Uuid> made(std::uint64_t hash) const;
  void made(std::uint64_t hash, const core::Uuid& id) { made_.insert_or_assign(hash, id); }

 private:
  static constexpr std::size_t kLeast = 1 << 10;  // a power of two
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t value = 0;  // 0: free. Else 1, the kind and `said` in the lowest bits, the number above them
    [[nodiscard]] bool is_used(std::uint64_t h) const { return value != 0 && hash == h; }
  };
  void see(const eventlog::Record& record);
  [[nodiscard]] const Slot& slot(std::uint64_t hash) const;
  void grow();

  Source source_;
  std::string mark_;  // in the bytes of all its records
  std::vector<Slot> table_;
  std::size_t size_ = 0;
  std::unordered_map<std::uint64_t, core::Uuid> made_;
};

}  // namespace parley::migrate
