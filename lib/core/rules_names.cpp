#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kReserved{Code::Conflict, "somebody else has this name"};
constexpr Refusal kNobodyHasIt{Code::NotFound, "nobody has this name"};
constexpr Refusal kNotTheOwner{Code::Forbidden, "somebody else has this name"};

// As it was before this command; of one that was never reserved: nobody has it.
Reservation current(const Case& c) { return c.facts.reservation.value_or(Reservation{}); }

void add_changed(Decision& decision, const Case& c, const SiteName& name, const Reservation& reservation) {
  add(decision, c, name_stream(name.space, name.name).uuid, reservation.version, NameChanged{name, reservation});
}

}  // namespace

Verdict rule(const Case& c, const ReserveName& reserve) {
  const auto now = current(c);
  if (now.owner == c.user()) return accept(now.version, NameResult{now, false});
  if (now.owner) return refuse(kReserved);
  const Reservation mine{c.user(), now.version.next(), c.now()};
  auto decision = accept(mine.version, NameResult{mine, true});
  add_changed(decision, c, reserve.name, mine);
  return decision;
}

// Its version stays known, so that the next holding is told from this one.
Verdict rule(const Case& c, const ReleaseName& release) {
  auto now = current(c);
  if (!now.owner) return refuse(kNobodyHasIt);
  if (now.owner != c.user()) return refuse(kNotTheOwner);
  now.owner.reset();
  auto decision = accept(now.version);
  add_changed(decision, c, release.name, now);
  return decision;
}

}  // namespace parley::core
