// RocksDB's way to the file system, with a disk that fails on demand.
#pragma once

#include <rocksdb/env.h>

#include <atomic>
#include <memory>

namespace parley::contract {

enum class DiskFault {
  None,
  Full,      // nothing more can be appended to any file
  TornFull,  // the same, but half of the first refused bytes get there
  NoSync,    // bytes get there, and syncing them fails
};

class FailingDisk {
 public:
  FailingDisk();
  void fail(DiskFault fault) { fault_ = fault; }
  [[nodiscard]] rocksdb::Env* env() { return env_.get(); }

 private:
  std::atomic<DiskFault> fault_ = DiskFault::None;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace parley::contract
