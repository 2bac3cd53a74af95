// What one user, or one address, has left: a bucket for each thing that is limited, and how many connections there are.
//
// Concurrency: any thread, without a lock. Ownership: shared by the table (limits.hpp) and by whoever is charged.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "limit/bucket.hpp"

namespace parley::limit {

// Of one user, or of one address.
struct Figures {
  Rate messages;
  Rate commands;  // messages included
  Rate reads;
  Rate bytes;
  std::uint32_t connections = 0;  // 0: no limit
};

enum class Asks : std::uint8_t { Message, Command, Read };
enum class What : std::uint8_t { Messages, Commands, Reads, Bytes, Connections };
inline constexpr std::size_t kWhats = 5;
std::string_view name(What what);

struct Denied {
  What what;
  Time wait;
};
// How it stands with what is asked for.
struct Quota {
  std::uint64_t limit = 0;      // at once
  std::uint64_t remaining = 0;  // now
  Time full_in{0};
};

class Account {
 public:
  explicit Account(const Figures& figures) : figures_(figures) {}

  // Whether it is too much now; nothing is charged.
  [[nodiscard]] std::optional<Denied> look(Asks asks, std::uint64_t bytes, Time now) const;
  // Charges for what was looked at. Of several threads that looked at the same moment each goes on: what was too much is owed.
  void charge(Asks asks, std::uint64_t bytes, Time now);
  // One connection more, if there may be; each is given back by leave().
  bool enter();
  void leave() { connections_.fetch_sub(1, std::memory_order_relaxed); }

  [[nodiscard]] Quota quota(What what, Time now) const;
  // Is it as good as a new one?
  [[nodiscard]] bool is_idle(Time now) const;

 private:
  [[nodiscard]] std::pair<const Rate&, const Bucket&> of(What what) const;

  const Figures& figures_;
  Bucket messages_;
  Bucket commands_;
  Bucket reads_;
  Bucket bytes_;
  std::atomic<std::uint32_t> connections_{0};
};

}  // namespace parley::limit
