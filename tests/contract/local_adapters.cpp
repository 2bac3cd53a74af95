#include "eventlog/embedded/embedded_log.hpp"
#include "eventlog/memory/memory_log.hpp"
#include "tests/contract/adapter.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::contract {
namespace {

class MemoryAdapter : public Adapter {
 public:
  Opened open(std::uint32_t partitions, std::size_t) override { return eventlog::make_memory_log(partitions); }
};

// A small tail, so that consumers also have to read behind it.
class EmbeddedAdapter : public Adapter {
 public:
  Opened open(std::uint32_t partitions, std::size_t max_queued_bytes) override {
    return eventlog::open_embedded_log({.dir = dir_ / "log",
                                        .partitions = partitions,
                                        .max_queued_bytes = max_queued_bytes,
                                        .tail_bytes = 64 << 10,
                                        .write_buffer_bytes = 1 << 20});
  }

 private:
  testing::TempDir dir_;
};

}  // namespace

AdapterKind memory_adapter() {
  return {"Memory", [] { return std::make_unique<MemoryAdapter>(); }};
}
AdapterKind embedded_adapter() {
  return {"Embedded", [] { return std::make_unique<EmbeddedAdapter>(); }};
}

}  // namespace parley::contract
