#include "eventlog/embedded/embedded_log.hpp"

#include "eventlog/embedded/rocks_storage.hpp"
#include "eventlog/local/local_log.hpp"

namespace parley::eventlog {

std::expected<std::unique_ptr<EventLog>, std::string> open_embedded_log(const EmbeddedOptions& options) {
  auto database = LogDatabase::open(options, nullptr);
  if (!database) return std::unexpected(std::move(database.error()));
  const auto partitions = database->partitions();
  const LocalLimits limits{.max_queued_bytes = options.max_queued_bytes, .tail_bytes = options.tail_bytes};
  auto log = LocalLog::open(partitions, std::make_unique<RocksStorage>(std::move(*database)), limits);
  if (!log) return std::unexpected(sentence(options, log.error()));
  if (options.read_only) (*log)->close(std::chrono::milliseconds::zero());
  return std::move(*log);
}

}  // namespace parley::eventlog
