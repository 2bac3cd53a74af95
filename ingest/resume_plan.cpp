#include "ingest/resume_plan.hpp"

#include <unordered_map>

namespace parley::ingest {

ResumePlan plan_resume(const std::vector<service::Membership>& live, const std::vector<codec::SeenChannel>& seen,
                       std::uint32_t partitions, std::uint64_t max_gap) {
  ResumePlan plan{.missed = std::vector<std::vector<Missed>>(partitions)};
  std::unordered_map<core::ChannelId, const service::Membership*> in;
  for (const auto& membership : live) in.emplace(membership.channel, &membership);
  for (const auto& [channel, version] : seen) {
    const auto found = in.find(channel);
    auto& missed = plan.missed[core::partition_of(channel.slot(), partitions)];
    if (found == in.end()) {
      missed.push_back({channel, version, {}, {}});
      continue;
    }
    const auto& [_, now, joined] = *found->second;
    if (version > now || joined > version || now.value - version.value > max_gap)
      plan.reset.push_back(channel);
    else if (version < now)
      missed.push_back({channel, version, now, joined});
    in.erase(found);
  }
  for (const auto& membership : live)
    if (in.contains(membership.channel)) plan.reset.push_back(membership.channel);  // he came in meanwhile
  return plan;
}

}  // namespace parley::ingest
