#include "limit/attempts.hpp"

namespace parley::limit {
namespace {

constexpr std::uint64_t kSecondsAMinute = 60;  // an attempt is so many tokens: rates count by the second

}  // namespace

Attempts::Attempts(std::uint32_t per_minute, const runtime::Clock& clock)
    : rate_{.per_second = per_minute, .burst = per_minute * kSecondsAMinute}, clock_(clock), tried_(kMaxNames) {}

std::optional<Time> Attempts::take(const std::string& name) {
  if (rate_.is_off()) return std::nullopt;
  const auto bucket = tried_.find(
      name, [] { return std::make_shared<Bucket>(); },
      [this](const Bucket& idle) { return idle.until_full(now()).count() == 0; });
  if (!bucket) return std::chrono::minutes(1);
  return bucket->take(rate_, kSecondsAMinute, now());
}

}  // namespace parley::limit
