// A key store that does everything at once, in memory.
//
// Concurrency: one thread.
#pragma once

#include "keys/key_store.hpp"

namespace parley::testing {

class InstantKeys final : public keys::KeyStore {
 public:
  void make(core::UserId user, Done done) override {
    if (!table_.current(user)) put({std::move(user), keys::Made{codec::BodyKey::make().secret()}});
    done(keys::Told::Done);
  }
  void destroy(core::UserId user, Done done) override {
    put({std::move(user), keys::Erasing{}});
    done(keys::Told::Done);
  }
  void finish(core::UserId user, std::uint64_t below, Done done) override {
    put({std::move(user), keys::Erased{below}});
    done(keys::Told::Done);
  }
  void close(std::chrono::milliseconds) override {}
  [[nodiscard]] bool healthy() const override { return true; }

 private:
  void put(const keys::KeyRecord& record) {
    table_.apply(record, next_++);
    table_.reached(next_);
  }
  std::uint64_t next_ = 1;
};

}  // namespace parley::testing
