#include "codec/rfc3339.hpp"

#include <gtest/gtest.h>

#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(time_text({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text({1'772'366'400'123}), "2026-03-01T12:00:00.123Z");
  EXPECT_EQ(time_text({951'827'696'789}), "2000-02-29T12:34:56.789Z");
  EXPECT_EQ(time_text({-1}), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, WritesTheNearestTimeThatHasAText) {
  EXPECT_EQ(time_text({std::numeric_limits<std::int64_t>::max()}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(time_text({std::numeric_limits<std::int64_t>::min()}), "0000-01-01T00:00:00.000Z");
}

TEST(Rfc3339, EveryTextIsReadBack) {
  Generator any(1);
  for (int i = 0; i < 10'000; ++i) {
    const auto time = any.time();
    ASSERT_EQ(parse_time(time_text(time)), time) << time_text(time);
  }
  EXPECT_EQ(parse_time(time_text(kFirstTime)), kFirstTime);
  EXPECT_EQ(parse_time(time_text(kLastTime)), kLastTime);
}

TEST(Rfc3339, ReadsOffsetsFractionsAndLowerCase) {
  const core::TimeMs noon{1'772'366'400'000};
  EXPECT_EQ(parse_time("2026-03-01T12:00:00Z"), noon);
  EXPECT_EQ(parse_time("2026-03-01t12:00:00z"), noon);
  EXPECT_EQ(parse_time("2026-03-01T13:30:00+01:30"), noon);
  EXPECT_EQ(parse_time("2026-03-01T07:00:00-05:00"), noon);
  EXPECT_EQ(parse_time("2026-03-01T12:00:00.5Z"), core::TimeMs{noon.value + 500});
  EXPECT_EQ(parse_time("2026-03-01T12:00:00.0079999Z"), core::TimeMs{noon.value + 7});
  EXPECT_EQ(parse_time("2016-12-31T23:59:60Z"), parse_time("2016-12-31T23:59:59Z"));
}

TEST(Rfc3339, ReadsNothingElse) {
  for (const auto* text : {"",
                           "2026-03-01",
                           "2026-03-01T12:00:00",
                           "2026-03-01 12:00:00Z",
                           "2026-3-01T12:00:00Z",
                           "2026-13-01T12:00:00Z",
                           "2026-00-01T12:00:00Z",
                           "2026-02-29T12:00:00Z",
                           "2026-03-32T12:00:00Z",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T12:60:00Z",
                           "2026-03-01T12:00:61Z",
                           "2026-03-01T12:00:00.Z",
                           "2026-03-01T12:00:00+0100",
                           "2026-03-01T12:00:00+24:00",
                           "2026-03-01T12:00:00+01:60",
                           "2026-03-01T12:00:00Zx",
                           "2026-03-01T12:00:00ZZ",
                           "-026-03-01T12:00:00Z",
                           "0000-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "1772366400"})
    EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace parley::codec
