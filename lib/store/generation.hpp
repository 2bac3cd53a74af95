// The generations of a projection: a directory such as `p0003` that holds `gen-000001`, `gen-000002`, … and a file `CURRENT`
// naming the one that serves.
//
// Operation: a rebuild fills the next generation beside the current one, then switches. CURRENT is replaced by the rename of a
// finished and synced file, so whoever dies at any moment leaves the old name or the new one.
// Concurrency: one thread of one process at a time. Errors: a StoreError that names the path.
#pragma once

#include <vector>

#include "store/store.hpp"

namespace parley::store {

using Generation = std::uint32_t;  // the first is 1

class Generations {
 public:
  // Makes the directory if it isn't there.
  static Stored<Generations> open(std::filesystem::path dir);

  // Where it lives; the directory need not be there.
  [[nodiscard]] std::filesystem::path path_of(Generation generation) const;
  // The one that serves; none before the first switch.
  [[nodiscard]] Stored<std::optional<Generation>> current() const;
  // Those that are there, upwards.
  [[nodiscard]] Stored<std::vector<Generation>> list() const;
  // A new empty directory, above all that are there.
  Stored<Generation> make_next();
  // Durable when it returns. The generation must be there.
  Stored<void> switch_to(Generation generation);

 private:
  explicit Generations(std::filesystem::path dir) : dir_(std::move(dir)) {}
  std::filesystem::path dir_;
};

}  // namespace parley::store
