// Names that one user at a time has in the whole site.
#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class SiteNames : public Chat {
 protected:
  Decision reserve(const UserId& user, const SiteName& name) { return does(user, ReserveName{name}); }
  Decision release(const UserId& user, const SiteName& name) { return does(user, ReleaseName{name}); }

  const SiteName general{"channels", "General"};
};

TEST_F(SiteNames, are_had_by_the_first_who_asks) {
  const auto decision = reserve(alice, general);
  const Reservation expected{alice, {1}, now};
  EXPECT_EQ(only_change<NameChanged>(decision), (NameChanged{general, expected}));
  EXPECT_EQ(decision.changes.front().subject, name_stream("channels", "General").uuid);
  EXPECT_EQ(result<NameResult>(decision), (NameResult{expected, true}));
  EXPECT_EQ(decision.outcome.version, Version{1});
}

TEST_F(SiteNames, are_reserved_again_by_their_owner_without_a_change) {
  const auto first = result<NameResult>(reserve(alice, general)).reservation;
  const auto again = reserve(alice, general);
  EXPECT_THAT(again, ChangesNothing());
  EXPECT_EQ(result<NameResult>(again), (NameResult{first, false}));
}

TEST_F(SiteNames, are_refused_to_everybody_else) {
  reserve(alice, general);
  EXPECT_THAT(reserve(bob, general), Rejected(Code::Conflict));
  EXPECT_THAT(release(bob, general), Rejected(Code::Forbidden));
}

TEST_F(SiteNames, are_anybodys_once_released_and_have_a_higher_version_then) {
  reserve(alice, general);
  const auto released = only_change<NameChanged>(release(alice, general));
  EXPECT_EQ(released.reservation.owner, std::nullopt);
  EXPECT_EQ(released.reservation.version, Version{1});
  EXPECT_THAT(release(alice, general), Rejected(Code::NotFound));
  EXPECT_EQ(result<NameResult>(reserve(bob, general)), (NameResult{{bob, {2}, now}, true}));
  release(bob, general);
  EXPECT_EQ(result<NameResult>(reserve(alice, general)).reservation.version, Version{3});
}

TEST_F(SiteNames, that_nobody_ever_had_can_not_be_released) { EXPECT_THAT(release(alice, general), Rejected(Code::NotFound)); }

TEST_F(SiteNames, are_told_apart_by_every_byte_and_by_their_namespace) {
  reserve(alice, general);
  for (const SiteName& other : {SiteName{"channels", "general"}, SiteName{"channels", "General "},
                                SiteName{"groups", "General"}, SiteName{"channel", "sGeneral"}}) {
    EXPECT_NE(name_stream(other.space, other.name), name_stream(general.space, general.name));
    EXPECT_THAT(reserve(bob, other), Accepted());
  }
}

TEST_F(SiteNames, stay_their_owners_when_his_words_are_erased) {
  reserve(alice, general);
  does(carol, EraseUser{alice, 7, 0});
  EXPECT_THAT(reserve(bob, general), Rejected(Code::Conflict));
}

}  // namespace
}  // namespace parley::core
