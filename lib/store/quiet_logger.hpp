// RocksDB's own log, switched off: what goes wrong comes back as a Status, and RocksDB 7.8 aborts when the disk is too full for
// the file it would write beside its data.
#pragma once

#include <rocksdb/env.h>

namespace parley::store {

class QuietLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace parley::store
