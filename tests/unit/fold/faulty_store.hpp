// A store whose disk is full, or can't be read, as often or where a test says.
#pragma once

#include "store/store.hpp"

namespace parley::fold {

// Of which one table is damaged.
class FaultySnapshot final : public store::Snapshot {
 public:
  FaultySnapshot(std::unique_ptr<store::Snapshot> real, store::TableId damaged) : real_(std::move(real)), damaged_(damaged) {}
  store::Stored<std::optional<std::string>> get(store::TableId table, std::string_view key) const override {
    return real_->get(table, key);
  }
  store::Stored<void> scan(store::TableId table, std::string_view prefix, std::string_view from,
                           const Visit& visit) const override {
    if (table == damaged_) return std::unexpected(store::StoreError{"block checksum mismatch"});
    return real_->scan(table, prefix, from, visit);
  }
  store::Stored<void> scan_back(store::TableId table, std::string_view prefix, std::string_view below,
                                const Visit& visit) const override {
    return real_->scan_back(table, prefix, below, visit);
  }

 private:
  std::unique_ptr<store::Snapshot> real_;
  store::TableId damaged_;
};

class FaultyStore final : public store::Store {
 public:
  explicit FaultyStore(store::Store& real) : real_(real) {}

  store::Stored<void> write(store::Batch& batch) override {
    ++writes;
    if (failing_writes > 0) {
      --failing_writes;
      return std::unexpected(store::StoreError{"no space left on device"});
    }
    return real_.write(batch);
  }
  store::Stored<std::optional<std::string>> get(store::TableId table, std::string_view key) const override {
    if (failing_reads > 0) {
      --failing_reads;
      return std::unexpected(store::StoreError{"input/output error"});
    }
    return real_.get(table, key);
  }
  [[nodiscard]] std::unique_ptr<store::Snapshot> snapshot(store::Reach reach) const override {
    if (damaged) return std::make_unique<FaultySnapshot>(real_.snapshot(reach), *damaged);
    return real_.snapshot(reach);
  }
  store::Stored<void> flush() override { return real_.flush(); }
  store::Stored<void> compact() override { return real_.compact(); }
  store::Stored<void> checkpoint(const std::filesystem::path& dir) override { return real_.checkpoint(dir); }

  int failing_writes = 0;
  mutable int failing_reads = 0;
  int writes = 0;
  std::optional<store::TableId> damaged;  // can't be scanned

 private:
  store::Store& real_;
};

}  // namespace parley::fold
