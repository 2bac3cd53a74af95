#include "projector/touched_queue.hpp"

namespace parley::projector {

namespace {

using fold::id;
using fold::Key;
using fold::Table;

Key row_key(eventlog::Offset offset) {
  Key key;
  key.number(offset, sizeof offset);
  return key;
}

}  // namespace

TouchedQueue::TouchedQueue(std::uint32_t partitions, bool used, std::size_t max_rows) : used_(used), max_rows_(max_rows) {
  for (std::uint32_t i = 0; i < partitions; ++i) partitions_.push_back(std::make_unique<Partition>());
}

store::Stored<void> TouchedQueue::load(std::uint32_t partition, const store::Store& store, eventlog::Offset next) {
  auto& p = of(partition);
  p.rows.clear();
  p.marked = false;
  p.since = next;
  p.taken_in = 0;
  return store.snapshot()->scan(id(Table::Touched), {}, {}, [&](std::string_view key, std::string_view value) {
    const auto offset = fold::number_at_end(key, sizeof(eventlog::Offset));
    if (offset != 0) {
      p.rows.push_back(offset);
    } else {
      p.marked = true;
      p.since = fold::number_at_end(value, sizeof(eventlog::Offset));
    }
    return true;
  });
}

void TouchedQueue::touch(std::uint32_t partition, eventlog::Offset next, const codec::TouchedRow& touched,
                         store::Batch& batch) {
  auto& p = of(partition);
  const auto drop = [&](const auto& is_done) {
    bool any = false;
    for (; !p.rows.empty() && is_done(p.rows.front()); p.rows.pop_front(), any = true) {
      p.since = p.rows.front();
      batch.remove(id(Table::Touched), row_key(p.rows.front()));
    }
    return any;
  };
  if (!used_) {
    if (!drop([](eventlog::Offset) { return true; }) && !p.marked) return;
    batch.remove(id(Table::Touched), row_key(0));
    p.marked = false;
    return;
  }
  const auto taken_in = p.taken_in.load();
  const bool given_up = p.rows.size() >= max_rows_;
  const bool dropped = drop([&](eventlog::Offset row) { return given_up || row <= taken_in; });
  if (dropped || !p.marked) batch.put(id(Table::Touched), row_key(0), row_key(p.since));
  p.marked = true;
  if (!p.rows.empty() && p.rows.back() == next) return;  // the store refused the batch, which has the row already
  batch.put(id(Table::Touched), row_key(next), codec::encode_touched(touched));
  p.rows.push_back(next);
}

}  // namespace parley::projector
