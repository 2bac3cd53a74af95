// A consumer of a log of this process: reads the tail, and the storage for what lies behind it.
#pragma once

#include "eventlog/local/storage.hpp"
#include "eventlog/local/tail.hpp"

namespace parley::eventlog {

class TailConsumer final : public Consumer {
 public:
  TailConsumer(Tail& tail, Storage& storage);
  ~TailConsumer() override;
  TailConsumer(const TailConsumer&) = delete;
  TailConsumer& operator=(const TailConsumer&) = delete;

  void assign(Partition partition, Offset from) override;
  std::expected<std::optional<RecordBatch>, ReadFailure> poll(std::chrono::milliseconds timeout,
                                                              std::size_t max_records) override;
  void wake() override { tail_.wake(waiter_); }

 private:
  Tail& tail_;
  Storage& storage_;
  Tail::Waiter waiter_;
  std::vector<Position> positions_;
  std::size_t turn_ = 0;  // where the next look begins, so that no partition starves another
};

}  // namespace parley::eventlog
