#include "eventlog/memory/memory_log.hpp"

#include <limits>

#include "eventlog/local/local_log.hpp"

namespace parley::eventlog {
namespace {

// The tail that never lets go is the whole log: nothing is left to store.
class NoStorage final : public Storage {
 public:
  std::expected<Offset, ReadError> end(Partition) override { return 0; }
  void add(Partition, Offset, const NewRecord&) override {}
  std::expected<void, AppendError> commit() override { return {}; }
  std::expected<std::vector<Record>, ReadError> read(Partition, Offset, Offset, std::size_t) override {
    return std::unexpected(ReadError::Corrupt);
  }
  bool heal() override { return true; }
};

}  // namespace

std::unique_ptr<EventLog> make_memory_log(std::uint32_t partitions) {
  constexpr LocalLimits limits{.max_queued_bytes = 64 << 20, .tail_bytes = std::numeric_limits<std::size_t>::max()};
  return LocalLog::open(partitions, std::make_unique<NoStorage>(), limits).value();
}

}  // namespace parley::eventlog
