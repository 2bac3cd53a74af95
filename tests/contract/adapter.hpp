// The logs that the contract is asked of, each behind the same few switches.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "eventlog/event_log.hpp"

namespace parley::contract {

using Opened = std::expected<std::unique_ptr<eventlog::EventLog>, std::string>;

// One log of its own for each adapter: a directory, a topic; gone with it as far as that goes.
class Adapter {
 public:
  virtual ~Adapter() = default;
  // Makes the log, or opens it again.
  virtual Opened open(std::uint32_t partitions, std::size_t max_queued_bytes) = 0;
};

struct AdapterKind {
  std::string name;
  std::function<std::unique_ptr<Adapter>()> make;
};

inline void PrintTo(const AdapterKind& kind, std::ostream* out) { *out << kind.name; }

AdapterKind memory_adapter();
AdapterKind embedded_adapter();
AdapterKind kafka_adapter();

}  // namespace parley::contract
