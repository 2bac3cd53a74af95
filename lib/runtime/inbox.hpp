// A queue from many threads to one, emptied whole: what crosses between shards and from the log's threads to a shard.
//
// Operation: push() says whether the consumer has to be woken (posted to, signalled): only the first push after a take() does,
// so a burst costs one wake-up. take() swaps, so both sides reuse their storage.
// Concurrency: push() from any thread; take() from one. Limits: unbounded; what feeds it must be bounded.
#pragma once

#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace parley::runtime {

template <class T>
class Inbox {
 public:
  [[nodiscard]] bool push(T value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(std::move(value));
    return !std::exchange(notified_, true);
  }

  // All of them, in order, with nothing in between. `values` is left empty. Nothing to push: nobody is to be woken.
  [[nodiscard]] bool push_all(std::vector<T>& values) {
    if (values.empty()) return false;
    const std::lock_guard lock(mutex_);
    if (values_.empty()) {
      values_.swap(values);
    } else {
      values_.insert(values_.end(), std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    }
    values.clear();
    return !std::exchange(notified_, true);
  }

  // Everything pushed so far, in order; what `out` held is dropped. The next push asks for a wake-up again.
  void take(std::vector<T>& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    values_.swap(out);
    notified_ = false;
  }

 private:
  std::mutex mutex_;
  std::vector<T> values_;
  bool notified_ = false;
};

}  // namespace parley::runtime
