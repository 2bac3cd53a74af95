// A user's words taken out of a partition's tables, so that they are as if his keys had never opened anything.
//
// Operation: every message, and every outcome that is kept with a key, is looked at: there is no index by author, since each
// post would pay for it. Messages stay in their place. Concurrency: the fold's thread. Limits: writes in batches of some MiB;
// the fold of the partition waits meanwhile, about a second for a million messages.
#pragma once

#include "fold/projection.hpp"
#include "fold/touched.hpp"

namespace parley::fold {

class Erasure {
 public:
  // `projection` may be null.
  Erasure(store::Store& store, Projection* projection, Touched& touched)
      : store_(store), projection_(projection), touched_(touched) {}
  // REQUIRES: everything before is in the store. Doing it again changes nothing.
  store::Stored<void> run(const core::UserId& user);

 private:
  store::Stored<void> messages(const core::UserId& user);
  store::Stored<void> keys(const core::UserId& user);
  void write_if(bool large);

  store::Store& store_;
  Projection* projection_;
  Touched& touched_;
  std::unique_ptr<store::Snapshot> now_;
  store::Batch batch_;
  store::Stored<void> written_;
};

}  // namespace parley::fold
