#include "core/rules.hpp"

namespace parley::core {

Verdict rule(const Case& c, const SetProfile& set) {
  const auto* current = c.state.profile(c.user());
  UserProfile profile{set.name, set.avatar_url, current ? current->created_at : c.now()};
  const bool changes = !current || profile != *current;
  auto decision = accept(Version{}, UserResult{c.user(), profile});
  if (changes) add(decision, c, user_stream(c.user()).uuid, Version{}, ProfileSet{c.user(), std::move(profile)});
  return decision;
}

}  // namespace parley::core
