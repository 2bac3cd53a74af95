// Accounts with a password: one for each user, as long as nobody erases him.
#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Accounts : public Chat {
 protected:
  Decision create(const std::string& hash = "$argon2id$x") { return does(eve, CreateAccount{"Eve", "NORMAL", hash}); }
  Decision create_unread() {
    auto unread = command(eve, CreateAccount{"", "NORMAL", ""});
    unread.erased = true;
    return world.run(unread);
  }
  Decision erase(std::uint64_t keys_before) { return does(carol, EraseUser{eve, keys_before, 0}); }

  const UserId eve{"eve@example.org"};
};

TEST_F(Accounts, are_made_with_a_profile) {
  const auto decision = create();
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(change_at<ProfileSet>(decision, 0), (ProfileSet{eve, {"Eve", std::nullopt, now}}));
  EXPECT_EQ(change_at<AccountCreated>(decision, 1), (AccountCreated{eve, {"NORMAL", "$argon2id$x", now}}));
  EXPECT_EQ(decision.changes.size(), 2U);
  EXPECT_EQ(decision.changes[1].subject, user_stream(eve).uuid);
  EXPECT_EQ(world.state().profile(eve)->name, "Eve");
}

TEST_F(Accounts, leave_the_picture_of_one_who_was_here_before) {
  does(eve, SetProfile{"E", "https://example.org/e.png"});
  const auto first = now;
  create();
  EXPECT_EQ(*world.state().profile(eve), (UserProfile{"Eve", "https://example.org/e.png", first}));
}

TEST_F(Accounts, are_made_once) {
  create();
  EXPECT_THAT(create("$argon2id$y"), Rejected(Code::Conflict));
  EXPECT_THAT(does(bob, CreateAccount{"Bob", "NORMAL", "$argon2id$x"}), Accepted()) << "another user";
}

TEST_F(Accounts, go_with_their_users_words_and_can_be_made_anew) {
  create();
  erase(7);
  EXPECT_EQ(world.state().profile(eve), nullptr);
  EXPECT_THAT(create("$argon2id$y"), Accepted());
}

// Live it was read, in a replay it is not: both must go on alike.
TEST_F(Accounts, are_there_whether_or_not_they_can_be_read) {
  const auto unread = create_unread();
  ASSERT_THAT(unread, Accepted());
  EXPECT_EQ(only_change<AccountCreated>(unread), (AccountCreated{eve, {"NORMAL", "", now}}));
  EXPECT_EQ(world.state().profile(eve), nullptr);
  EXPECT_THAT(create(), Rejected(Code::Conflict));
  erase(7);
  EXPECT_THAT(create(), Accepted());
}

}  // namespace
}  // namespace parley::core
