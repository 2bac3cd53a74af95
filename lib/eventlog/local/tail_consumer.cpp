#include "eventlog/local/tail_consumer.hpp"

#include <algorithm>

namespace parley::eventlog {

TailConsumer::TailConsumer(Tail& tail, Storage& storage) : tail_(tail), storage_(storage) { tail_.enter(waiter_); }

TailConsumer::~TailConsumer() { tail_.leave(waiter_); }

void TailConsumer::assign(Partition partition, Offset from) {
  const auto known = std::ranges::find(positions_, partition, &Position::partition);
  if (known != positions_.end()) {
    known->next = from;
  } else {
    positions_.push_back({partition, from});
  }
}

std::expected<std::optional<RecordBatch>, ReadFailure> TailConsumer::poll(std::chrono::milliseconds timeout,
                                                                          std::size_t max_records) {
  auto found = tail_.wait(waiter_, positions_, turn_, std::chrono::steady_clock::now() + timeout);
  if (!found) return std::nullopt;
  auto& position = positions_[found->position];
  turn_ = found->position + 1;
  if (!found->batch) {
    auto records = storage_.read(position.partition, position.next, found->end, max_records);
    if (!records) return std::unexpected(ReadFailure(records.error(), position.partition, position.next));
    found->batch = RecordBatch{position.partition, std::make_shared<const std::vector<Record>>(std::move(*records)), 0};
  }
  position.next = found->batch->records->back().offset + 1;
  return std::move(found->batch);
}

}  // namespace parley::eventlog
