#include <nlohmann/json.hpp>

#include "tests/sim/verdict.hpp"

namespace parley::sim {

using Json = nlohmann::json;

namespace {

using Texts = std::vector<std::string>;

// One resume, in one partition, on a connection that hears that live from `begin` on.
struct Resuming {
  const System& system;
  const Truth& truth;
  const core::UserId& user;
  const Resumption& resumption;
  std::uint32_t partition;
  std::uint64_t begin;

  [[nodiscard]] bool is_here(const core::ChannelId& channel) const {
    return core::partition_of(channel.slot(), system.control().partitions) == partition;
  }

  [[nodiscard]] std::map<core::ChannelId, Texts> by_channel() const {
    std::map<core::ChannelId, Texts> heard;
    for (const auto& event : resumption.missed)
      heard[core::ChannelId::parse(Json::parse(event)["channel_id"].get<std::string>()).value()].push_back(event);
    return heard;
  }

  // Whether that is what was missed of a channel: all of it, if there was an answer.
  [[nodiscard]] bool is_due(const core::ChannelId& channel, const Texts& heard, const Missed& missed) const {
    if (!begins_with(missed.events, heard)) return false;
    if (!resumption.answered) return true;
    return resumption.reset.contains(channel) == missed.reset && (missed.may_end_early || heard.size() == missed.events.size());
  }

  [[nodiscard]] std::string wrong_with(const core::ChannelId& channel, const Texts& heard) const {
    const auto asked = resumption.asked.find(channel);
    if (asked == resumption.asked.end()) return "told of " + channel.text() + ", which it did not ask for";
    const auto either = truth.missed(user, channel, asked->second, begin, system.habits().max_resume_gap);
    if (std::ranges::any_of(either, [&](const Missed& missed) { return is_due(channel, heard, missed); })) return {};
    auto sentence = "of " + channel.text() + ", behind version " + std::to_string(asked->second.value) + ", came " +
                    (!resumption.answered                 ? "(not answered)"
                     : resumption.reset.contains(channel) ? "reset"
                                                          : "all");
    for (const auto& missed : either)
      sentence += std::string("\nand should ") + (missed.reset ? "reset, " : "all, ") + difference(heard, missed.events);
    return sentence;
  }

  // What he is in and how far that is, and to be fetched anew what he did not know of.
  [[nodiscard]] std::string wrong_with_answer() const {
    const auto in = truth.channels_of(user, partition, begin);
    for (const auto& [channel, version] : in) {
      const auto told = resumption.now.find(channel);
      if (told == resumption.now.end() || told->second != version) return channel.text() + " is not said to be at its version";
      if (!resumption.asked.contains(channel) && !resumption.reset.contains(channel)) return channel.text() + " is not reset";
    }
    for (const auto& [channel, version] : resumption.now)
      if (is_here(channel) && !in.contains(channel)) return "he is not in " + channel.text();
    for (const auto& channel : resumption.reset)
      if (is_here(channel) && !in.contains(channel) && !resumption.asked.contains(channel)) return channel.text() + " is reset";
    return {};
  }

  [[nodiscard]] std::string wrong() const {
    auto heard = by_channel();
    for (const auto& [channel, version] : resumption.asked) heard.try_emplace(channel);
    for (const auto& [channel, texts] : heard)
      if (is_here(channel))
        if (auto wrong = wrong_with(channel, texts); !wrong.empty()) return wrong;
    return resumption.answered ? wrong_with_answer() : std::string();
  }
};

}  // namespace

std::string wrong_with_resumes(const System& system, const Truth& truth, const Client& client, const Session& session,
                               std::uint32_t partition, std::uint64_t begin) {
  for (const auto& resumption : session.resumptions)
    if (auto wrong = Resuming{system, truth, client.user(), resumption, partition, begin}.wrong(); !wrong.empty())
      return "the resume: " + wrong;
  return {};
}

}  // namespace parley::sim
