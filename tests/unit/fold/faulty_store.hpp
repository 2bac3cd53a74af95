// A store whose disk is full, or can't be read, as often as a test says.
#pragma once

#include "store/store.hpp"

namespace parley::fold {

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
  [[nodiscard]] std::unique_ptr<store::Snapshot> snapshot(store::Reach reach) const override { return real_.snapshot(reach); }
  store::Stored<void> flush() override { return real_.flush(); }
  store::Stored<void> compact() override { return real_.compact(); }
  store::Stored<void> checkpoint(const std::filesystem::path& dir) override { return real_.checkpoint(dir); }

  int failing_writes = 0;
  mutable int failing_reads = 0;
  int writes = 0;

 private:
  store::Store& real_;
};

}  // namespace parley::fold
