// What a Batch is made of.
#pragma once

#include <rocksdb/write_batch.h>

#include "store/store.hpp"

namespace parley::store {

struct Batch::Impl {
  rocksdb::WriteBatch changes;
};

}  // namespace parley::store
