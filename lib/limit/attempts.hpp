// How often something may be tried in the name of somebody: so many times a minute, and as many at once.
//
// Concurrency: any thread. Ownership: the clock must outlive it. Limits: about kMaxNames names at once; one more is refused as
// if it had tried too often.
#pragma once

#include <string>

#include "limit/bucket.hpp"
#include "runtime/clock.hpp"
#include "runtime/shared_table.hpp"

namespace parley::limit {

class Attempts {
 public:
  static constexpr std::size_t kMaxNames = 100'000;

  // 0 a minute: there is no limit.
  Attempts(std::uint32_t per_minute, const runtime::Clock& clock);
  // Counts one; or none, and says how long to wait.
  std::optional<Time> take(const std::string& name);

 private:
  [[nodiscard]] Time now() const { return std::chrono::milliseconds(clock_.now_ms()); }

  Rate rate_;
  const runtime::Clock& clock_;
  runtime::SharedTable<Bucket> tried_;
};

}  // namespace parley::limit
