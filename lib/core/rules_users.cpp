#include "core/rules.hpp"

namespace parley::core {

namespace {

constexpr Refusal kHasAccount{Code::Conflict, "there is an account with this e-mail address"};

// Accepted, and the profile is to be this one; of words that nobody can read nothing is set.
Decision accept_profile(const Case& c, std::string name, std::optional<std::string> avatar_url) {
  if (c.command.erased) return accept(Version{}, UserResult{c.user(), unnamed(c.user())});
  const auto* current = c.state.profile(c.user());
  UserProfile profile{std::move(name), std::move(avatar_url), current ? current->created_at : c.now()};
  const bool changes = !current || profile != *current;
  auto decision = accept(Version{}, UserResult{c.user(), profile});
  if (changes) add(decision, c, user_stream(c.user()).uuid, Version{}, ProfileSet{c.user(), std::move(profile)});
  return decision;
}

}  // namespace

Verdict rule(const Case& c, const SetProfile& set) { return accept_profile(c, set.name, set.avatar_url); }

// One whose password nobody can read is an account as well: whether there is one must not depend on what can be read.
Verdict rule(const Case& c, const CreateAccount& create) {
  if (c.facts.has_account) return refuse(kHasAccount);
  const auto* current = c.state.profile(c.user());
  auto decision = accept_profile(c, create.name, current ? current->avatar_url : std::nullopt);
  add(decision, c, user_stream(c.user()).uuid, Version{},
      AccountCreated{c.user(), {create.role, create.password_hash, c.now()}});
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
