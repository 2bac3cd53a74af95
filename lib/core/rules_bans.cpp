// Keeping a user out of a channel. A ban holds by the log's time: until it ends or is lifted he can't come in, nor be brought
// in.
#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kPassed{Code::InvalidArgument, "until has passed"};
constexpr Refusal kHimself{Code::InvalidArgument, "nobody bans himself"};

// Who keeps order there, as in removing a member: owners anyone, admins those below them.
std::optional<Refusal> obstacle_to_banning(const Case& c, const SeenChannel& seen, const UserId& user) {
  const auto own = standing(c, seen);
  if (own < Role::Admin) return kRoleTooLow;
  const auto* member = find_member(seen.channel.members, user);
  if (own != Role::Owner && member && own <= member->role) return kRoleTooLow;
  return std::nullopt;
}

bool holds(const Ban& ban, TimeMs now) { return !ban.until || now < *ban.until; }

}  // namespace

bool is_banned(const Case& c, const Channel& channel, const UserId& user) {
  const auto* ban = find_member(channel.bans, user);
  return ban && holds(*ban, c.now());
}

Verdict rule(const Case& c, const SetBan& set) {
  const auto seen = see(c, set.channel);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  if (const auto why = why_fixed(head)) return refuse(*why);
  if (const auto obstacle = obstacle_to_banning(c, *seen, set.user)) return refuse(*obstacle);
  if (set.user == c.user()) return refuse(kHimself);
  if (set.on && set.until && *set.until <= c.now()) return refuse(kPassed);

  const auto* current = find_member(seen->channel.bans, set.user);
  if (!set.on) {
    auto decision = accept(head.id, head.last_seq, head.version);
    if (current) add(decision, c, head.id.uuid, head.version, BanChanged{set.user, std::nullopt});
    return decision;
  }
  const Ban ban{set.reason, set.until, c.user(), c.now()};
  const auto* member = find_member(seen->channel.members, set.user);
  const auto version = member ? head.version.next() : head.version;
  auto decision = accept(head.id, head.last_seq, version, BanResult{set.user, ban});
  if (member) add(decision, c, head.id.uuid, version, left(set.user, *member));
  add(decision, c, head.id.uuid, version, BanChanged{set.user, ban});
  return decision;
}

}  // namespace parley::core
