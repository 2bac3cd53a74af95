#include "projector/partition_index.hpp"

#include "codec/message_row.hpp"
#include "runtime/log.hpp"

namespace parley::projector {

namespace {

using fold::id;
using fold::Key;
using fold::Table;
using search::Error;
using search::ErrorKind;
using search::Result;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kIdBytes = core::Uuid::kBytes;

std::unexpected<Error> unreadable(const std::string& what) {
  return std::unexpected(Error{ErrorKind::Failed, "the store can't be read: " + what});
}

// None: there is nothing of it to be found.
std::optional<search::Document> document_of(const core::MessageRef& message, std::string_view row) {
  const auto view = codec::MessageView::parse(row);
  if (!view || view->retracted || view->text.empty()) return std::nullopt;
  return search::Document{message, {std::string(view->author)}, view->posted_at, std::string(view->text)};
}

Result<eventlog::Offset> applied_in(const store::Snapshot& snapshot) {
  const auto row = snapshot.get(id(Table::Meta), "applied");
  if (!row) return unreadable(row.error().what);
  if (!*row) return 0;
  const auto applied = codec::decode_applied(**row);
  if (!applied) return unreadable("how far it is");
  return applied->next_offset;
}

}  // namespace

struct PartitionIndex::Work {
  search::Batch batch;
  std::size_t bytes = 0;

  void look_at(const core::MessageRef& message, std::string_view row) {
    if (auto document = document_of(message, row)) {
      bytes += document->text.size();
      batch.put.push_back(std::move(*document));
    } else if (!batch.all_new) {
      batch.removed.push_back(message);
    }
  }
  [[nodiscard]] std::size_t size() const { return batch.put.size() + batch.removed.size(); }
  [[nodiscard]] bool is_full(const PartitionIndexOptions& options) const {
    return size() >= options.max_documents || bytes >= options.max_bytes;
  }
};

PartitionIndex::PartitionIndex(const store::Store& store, std::filesystem::path dir, std::uint32_t partition,
                               TouchedQueue& queue, PartitionIndexOptions options)
    : store_(store), dir_(std::move(dir)), partition_(partition), queue_(queue), options_(std::move(options)) {}

PartitionIndex::Turn PartitionIndex::turn() {
  const auto done = try_turn();
  wants_turn_ = !done || *done == Turn::More || index_->progress()->purge;
  if (done) return *done;
  ++failures_;
  const auto& [kind, what] = done.error();
  spdlog::error("the search index of partition {} is in trouble: {}", partition_, what);
  index_.reset();
  if (kind == ErrorKind::Damaged) {
    spdlog::warn("the search index of partition {} is built anew", partition_);
    if (auto removed = search::Index::remove(dir_); !removed)
      spdlog::error("the search index of partition {} can't be deleted: {}", partition_, removed.error().what);
  }
  return Turn::Failed;
}

Result<PartitionIndex::Turn> PartitionIndex::try_turn() {
  const auto snapshot = store_.snapshot();
  const auto applied = applied_in(*snapshot);
  if (!applied) return std::unexpected(applied.error());
  if (!index_)
    if (auto opened = open(); !opened) return std::unexpected(opened.error());
  const auto& progress = index_->progress();
  if (!progress || (!progress->building && progress->next_offset < queue_.since(partition_)))
    if (auto begun = begin_building(*applied); !begun) return std::unexpected(begun.error());
  if (index_->progress()->building) return build(*snapshot, *applied);
  const auto took = take_in(*snapshot, *applied);
  if (!took || *took == Turn::More) return took;
  if (auto purged = purge_if_due(); !purged) return std::unexpected(purged.error());
  return took;
}

Result<void> PartitionIndex::open() {
  auto opened = search::Index::open(dir_, options_.language, options_.between);
  if (!opened) return std::unexpected(opened.error());
  index_ = std::move(*opened);
  return {};
}

// Of an index that is further back than what can be made up for nothing is kept.
Result<void> PartitionIndex::begin_building(eventlog::Offset applied) {
  if (index_->progress()) {
    index_.reset();
    if (auto removed = search::Index::remove(dir_); !removed) return removed;
    if (auto opened = open(); !opened) return opened;
  }
  next_ = 0;
  return index_->write({}, {.next_offset = applied, .purge = false, .building = true, .built_to = {}});
}

// Messages that come behind what is built are in table touched from the offset on at which it began. A store that has gone back
// since (a crash) says of those before it again, so the offset goes back with it.
Result<PartitionIndex::Turn> PartitionIndex::build(const store::Snapshot& snapshot, eventlog::Offset applied) {
  auto progress = *index_->progress();
  progress.next_offset = std::min(progress.next_offset, applied);
  Work work{.batch = {.put = {}, .removed = {}, .all_new = true}};
  const auto from = progress.built_to.empty() ? std::string() : progress.built_to + '\0';
  bool whole = true;
  const auto scanned = snapshot.scan(id(Table::Messages), {}, from, [&](std::string_view key, std::string_view row) {
    const auto channel = core::ChannelId::from_bytes(key.substr(0, kIdBytes));
    if (channel) work.look_at({*channel, {fold::number_at_end(key, sizeof(std::uint64_t))}}, row);
    progress.built_to = key;
    whole = !work.is_full(options_);
    return whole;
  });
  if (!scanned) return unreadable(scanned.error().what);
  if (whole) {
    progress.building = false;
    progress.built_to.clear();
  }
  if (auto written = write(work, progress); !written) return std::unexpected(written.error());
  if (whole) come_to(progress.next_offset);
  return Turn::More;  // there may be rows of table touched by now
}

Result<PartitionIndex::Turn> PartitionIndex::take_in(const store::Snapshot& snapshot, eventlog::Offset applied) {
  auto progress = *index_->progress();
  const auto before = progress;
  Work work;
  bool whole = true;
  Result<void> taken;
  const auto scanned = snapshot.scan(id(Table::Touched), {}, Key().number(progress.next_offset + 1, 8),
                                     [&](std::string_view key, std::string_view value) {
                                       const auto row = codec::decode_touched(value);
                                       if (row) taken = take_in_row(snapshot, *row, work);
                                       progress.next_offset = fold::number_at_end(key, 8);
                                       progress.purge = progress.purge || (row && row->purge);
                                       whole = taken && !work.is_full(options_);
                                       return whole;
                                     });
  if (!scanned) return unreadable(scanned.error().what);
  if (!taken) return std::unexpected(taken.error());
  if (progress != before || work.size() > 0)
    if (auto written = write(work, progress); !written) return std::unexpected(written.error());
  come_to(whole ? std::max(applied, progress.next_offset) : progress.next_offset);
  return whole ? Turn::Done : Turn::More;
}

Result<void> PartitionIndex::take_in_row(const store::Snapshot& snapshot, const codec::TouchedRow& row, Work& work) {
  for (const auto& channel : row.channels) {
    if (channel.dropped) {
      if (auto dropped = drop_channel(channel.id); !dropped) return dropped;
      continue;
    }
    for (const auto& run : channel.runs)
      if (auto taken = take_in_run(snapshot, channel.id, run, work); !taken) return taken;
  }
  return {};
}

Result<void> PartitionIndex::take_in_run(const store::Snapshot& snapshot, const core::ChannelId& channel,
                                         const codec::TouchedRow::Run& run, Work& work) {
  auto next = run.first.value;
  const auto end = run.first.value + run.count;
  const auto without_row = [&](std::uint64_t up_to) {
    for (; next < up_to; ++next) work.batch.removed.push_back({channel, {next}});
  };
  Result<void> written;
  const auto scanned = snapshot.scan(id(Table::Messages), channel.bytes(), fold::message_key(channel, run.first),
                                     [&](std::string_view key, std::string_view row) {
                                       const auto seq = fold::number_at_end(key, 8);
                                       if (seq >= end) return false;
                                       without_row(seq);
                                       work.look_at({channel, {seq}}, row);
                                       next = seq + 1;
                                       // A part of a row may be committed as long as the row counts as still to be done.
                                       if (work.is_full(options_)) written = write(work, *index_->progress());
                                       return written && next < end;
                                     });
  if (!scanned) return unreadable(scanned.error().what);
  without_row(end);
  return written;
}

// Of what is gathered nothing is the channel's: a snapshot in which it is gone has none of its messages.
Result<void> PartitionIndex::drop_channel(const core::ChannelId& channel) {
  for (std::size_t removed = options_.max_documents; removed == options_.max_documents;) {
    auto done = index_->remove_channel(channel, options_.max_documents);
    if (!done) return std::unexpected(done.error());
    removed = *done;
    looked_at_ += removed;
  }
  return {};
}

Result<void> PartitionIndex::write(Work& work, const search::Progress& progress) {
  if (auto written = index_->write(work.batch, progress); !written) return written;
  looked_at_ += work.size();
  work = {};
  return {};
}

// Not again and again for each of many: a while passes that is some times what it takes.
Result<void> PartitionIndex::purge_if_due() {
  constexpr int kTimesItsLength = 10;
  const auto begun = SteadyClock::now();
  if (!index_->progress()->purge || begun < next_purge_) return {};
  auto purged = index_->purge();
  const auto ended = SteadyClock::now();
  next_purge_ = ended + kTimesItsLength * (ended - begun);
  return purged;
}

void PartitionIndex::come_to(eventlog::Offset next) {
  next_ = next;
  queue_.took_in(partition_, index_->progress()->next_offset);
}

}  // namespace parley::projector
