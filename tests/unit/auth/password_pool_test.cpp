#include "auth/password_pool.hpp"

#include <gmock/gmock.h>

#include <future>

namespace parley::auth {
namespace {

using std::chrono_literals::operator""s;

constexpr PasswordCost kCheap{.operations = 1, .memory_kib = 8};

template <class Told>
struct Answer {
  std::shared_ptr<std::promise<Told>> promise = std::make_shared<std::promise<Told>>();
  std::future<Told> future = promise->get_future();
  auto done() {
    return [promise = promise](Told told) { promise->set_value(std::move(told)); };
  }
  Told get() {
    if (future.wait_for(30s) != std::future_status::ready) throw std::runtime_error("no answer");
    return future.get();
  }
};
using Hashed = std::expected<std::string, PasswordFault>;
using Checked = std::expected<bool, PasswordFault>;

class PasswordPoolTest : public ::testing::Test {
 protected:
  static Hashed hash(PasswordPool& pool, std::string password) {
    Answer<Hashed> answer;
    pool.hash(std::move(password), answer.done());
    return answer.get();
  }
  static Checked check(PasswordPool& pool, std::string hash, std::string password) {
    Answer<Checked> answer;
    pool.check(std::move(hash), std::move(password), answer.done());
    return answer.get();
  }
  runtime::Metrics metrics_;
};

TEST_F(PasswordPoolTest, HashesAndChecks) {
  PasswordPool pool({.cost = kCheap}, metrics_);
  const auto hashed = hash(pool, "correct horse");
  ASSERT_TRUE(hashed);
  EXPECT_EQ(check(pool, *hashed, "correct horse"), Checked(true));
  EXPECT_EQ(check(pool, *hashed, "wrong horse"), Checked(false));
}

// The same path as with a hash: one that nobody knows the password of is checked.
TEST_F(PasswordPoolTest, FindsThatNoPasswordFitsNobody) {
  PasswordPool pool({.cost = kCheap}, metrics_);
  EXPECT_EQ(check(pool, "", ""), Checked(false));
  EXPECT_EQ(check(pool, "", "correct horse"), Checked(false));
  EXPECT_THAT(metrics_.text(), ::testing::HasSubstr("parley_password_seconds_count 2"));
}

TEST_F(PasswordPoolTest, IsBusyWhenAsManyWaitAsMay) {
  PasswordPool pool({.cost = {.operations = 8, .memory_kib = 64 << 10}, .threads = 1, .queue = 2}, metrics_);
  Answer<Hashed> one;
  Answer<Hashed> two;
  pool.hash("one", one.done());
  pool.hash("two", two.done());
  EXPECT_EQ(hash(pool, "three"), Hashed(std::unexpected(PasswordFault::Busy)));
  EXPECT_EQ(check(pool, "", "four"), Checked(std::unexpected(PasswordFault::Busy)));
  EXPECT_TRUE(one.get());
  EXPECT_TRUE(two.get());
  EXPECT_TRUE(hash(pool, "five")) << "there is room again";
  EXPECT_THAT(metrics_.text(), ::testing::HasSubstr("parley_password_refused_total 2"));
}

TEST_F(PasswordPoolTest, EndsThoughSomebodyWaits) {
  Answer<Hashed> last;
  {
    PasswordPool pool({.cost = {.operations = 4, .memory_kib = 32 << 10}}, metrics_);
    for (int i = 0; i < 8; ++i) pool.hash("x", [](const Hashed&) {});
    pool.hash("last", last.done());
  }
  EXPECT_NE(last.future.wait_for(0s), std::future_status::ready) << "who waits then is not called";
}

}  // namespace
}  // namespace parley::auth
