// Where a log of this process keeps its records: what differs between the memory log and the embedded one.
#pragma once

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

class Storage {
 public:
  virtual ~Storage() = default;
  // The offset that follows the last record of the partition. Writer's thread.
  virtual std::expected<Offset, ReadError> end(Partition partition) = 0;
  // add() gathers a group, commit() makes it durable, all of it or nothing, and forgets it. Writer's thread.
  virtual void add(Partition partition, Offset offset, const NewRecord& record) = 0;
  virtual std::expected<void, AppendError> commit() = 0;
  // Records from `from` to below `end`, which are known to be there: at least one, at most `max_records`. Any thread.
  virtual std::expected<std::vector<Record>, ReadError> read(Partition partition, Offset from, Offset end,
                                                             std::size_t max_records) = 0;
  // After a commit that failed, before the next: tries to make it take records again. True: it does. Writer's thread.
  virtual bool heal() = 0;
};

}  // namespace parley::eventlog
