#include "core/rules.hpp"

namespace parley::core {

Verdict rule(const Case& c, const SetProfile& set) {
  if (c.command.erased) return accept(Version{}, UserResult{c.user(), unnamed(c.user())});
  const auto* current = c.state.profile(c.user());
  UserProfile profile{set.name, set.avatar_url, current ? current->created_at : c.now()};
  const bool changes = !current || profile != *current;
  auto decision = accept(Version{}, UserResult{c.user(), profile});
  if (changes) add(decision, c, user_stream(c.user()).uuid, Version{}, ProfileSet{c.user(), std::move(profile)});
  return decision;
}

// Who may, is decided before the log: the rules know no operators. What was erased before with these keys is not there to be
// erased again.
Verdict rule(const Case& c, const EraseUser& erase) {
  auto decision = accept(Version{});
  if (erase.keys_before > c.state.erased_below(erase.user))
    add(decision, c, user_stream(erase.user).uuid, Version{}, UserErased{erase.user, erase.keys_before});
  return decision;
}

}  // namespace parley::core
