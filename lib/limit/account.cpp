#include "limit/account.hpp"

namespace parley::limit {

std::string_view name(What what) {
  static constexpr std::string_view kNames[] = {"messages", "commands", "reads", "bytes", "connections"};
  static_assert(std::size(kNames) == kWhats);
  return kNames[static_cast<std::size_t>(what)];
}

std::optional<Denied> Account::look(Asks asks, std::uint64_t bytes, Time now) const {
  if (asks == Asks::Message)
    if (const auto wait = messages_.wait(figures_.messages, 1, now)) return Denied{What::Messages, *wait};
  if (asks == Asks::Read) {
    if (const auto wait = reads_.wait(figures_.reads, 1, now)) return Denied{What::Reads, *wait};
  } else if (const auto wait = commands_.wait(figures_.commands, 1, now)) {
    return Denied{What::Commands, *wait};
  }
  if (const auto wait = bytes_.wait(figures_.bytes, bytes, now)) return Denied{What::Bytes, *wait};
  return std::nullopt;
}

void Account::charge(Asks asks, std::uint64_t bytes, Time now) {
  if (asks == Asks::Message) messages_.charge(figures_.messages, 1, now);
  if (asks == Asks::Read)
    reads_.charge(figures_.reads, 1, now);
  else
    commands_.charge(figures_.commands, 1, now);
  bytes_.charge(figures_.bytes, bytes, now);
}

bool Account::enter() {
  const auto most = figures_.connections;
  auto now = connections_.load(std::memory_order_relaxed);
  do {
    if (most > 0 && now >= most) return false;
  } while (!connections_.compare_exchange_weak(now, now + 1, std::memory_order_relaxed));
  return true;
}

std::pair<const Rate&, const Bucket&> Account::of(What what) const {
  switch (what) {
    case What::Messages:
      return {figures_.messages, messages_};
    case What::Reads:
      return {figures_.reads, reads_};
    case What::Bytes:
      return {figures_.bytes, bytes_};
    case What::Commands:
    case What::Connections:
      break;
  }
  return {figures_.commands, commands_};
}

Quota Account::quota(What what, Time now) const {
  if (what == What::Connections) {
    const auto open = connections_.load(std::memory_order_relaxed);
    return {figures_.connections, figures_.connections > open ? figures_.connections - open : 0, Time(0)};
  }
  const auto& [rate, bucket] = of(what);
  return {rate.burst, bucket.tokens(rate, now), bucket.until_full(now)};
}

bool Account::is_idle(Time now) const {
  for (const auto* bucket : {&messages_, &commands_, &reads_, &bytes_})
    if (bucket->until_full(now).count() > 0) return false;
  return connections_.load(std::memory_order_relaxed) == 0;
}

}  // namespace parley::limit
