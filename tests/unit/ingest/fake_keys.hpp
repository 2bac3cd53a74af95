// Keys that are made and destroyed when a test says so.
#pragma once

#include <deque>

#include "keys/key_store.hpp"

namespace parley::ingest {

class FakeKeys final : public keys::KeyStore {
 public:
  void make(core::UserId user, Done done) override {
    asked.push_back({{std::move(user), keys::Made{codec::BodyKey::make().secret()}}, std::move(done)});
  }
  void destroy(core::UserId user, Done done) override {
    asked.push_back({{std::move(user), keys::Erasing{}}, std::move(done)});
  }
  void finish(core::UserId user, std::uint64_t below, Done done) override {
    asked.push_back({{std::move(user), keys::Erased{below}}, std::move(done)});
  }
  void close(std::chrono::milliseconds) override {}
  [[nodiscard]] bool healthy() const override { return true; }

  // Does the first thing that was asked for, or refuses it, or does not while it says that it may have.
  void answer(bool done) { answer(done ? keys::Told::Done : keys::Told::Refused); }
  void answer(keys::Told told) {
    auto [record, done] = std::move(asked.front());
    asked.pop_front();
    if (told == keys::Told::Done) put(record);
    done(told);
  }
  void put(const keys::KeyRecord& record) {
    table_.apply(record, next_++);
    table_.reached(next_);
  }

  struct Asked {
    keys::KeyRecord record;
    Done done;
  };
  std::deque<Asked> asked;

 private:
  std::uint64_t next_ = 1;
};

}  // namespace parley::ingest
