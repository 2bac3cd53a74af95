#include "ingest/dialects/pagenow/pagenow.hpp"

#include <gtest/gtest.h>

namespace parley::ingest::dialects {
namespace {

TEST(PageNow, ClosesWhoIsSilentForTenMinutes) { EXPECT_EQ(pagenow_speech().idle_timeout(), std::chrono::minutes(10)); }

TEST(PageNow, IsMeantByATokenInTheQueryUnderItsName) {
  const auto& speech = pagenow_speech();
  EXPECT_TRUE(speech.is_meant({.request = {}, .query = {{"Authorization", "t"}}}));
  EXPECT_EQ(speech.token_of({.request = {}, .query = {{"a", "b"}, {"Authorization", "t"}}}), "t");
  EXPECT_FALSE(speech.is_meant({.request = {}, .query = {{"token", "t"}}}));
  EXPECT_FALSE(speech.is_meant({.request = {.headers = {{"Authorization", "t"}}}, .query = {}}));
}

}  // namespace
}  // namespace parley::ingest::dialects
