#include "runtime/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::runtime {
namespace {

using testing::HasSubstr;

TEST(Metrics, TellsCountersAndGaugesWithTheirLabels) {
  Metrics metrics;
  metrics.counter("parley_commands_total", "Commands.", {{"kind", "post"}}).add(3);
  metrics.gauge("parley_sockets", "Open sockets.").set(-2);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP parley_commands_total Commands.\n# TYPE parley_commands_total counter\n"
                              "parley_commands_total{kind=\"post\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE parley_sockets gauge\nparley_sockets -2\n"));
}

TEST(Metrics, GivesTheSameMetricForTheSameNameAndLabels) {
  Metrics metrics;
  Counter& one = metrics.counter("a_total", "A.", {{"x", "1"}});
  EXPECT_EQ(&metrics.counter("a_total", "A.", {{"x", "1"}}), &one);
  EXPECT_NE(&metrics.counter("a_total", "A.", {{"x", "2"}}), &one);
}

TEST(Metrics, CountsAnObservationInItsBucketAndInAllAbove) {
  Metrics metrics;
  Histogram& histogram = metrics.histogram("wait_seconds", "Wait.");
  histogram.observe_us(50);  // on a bound: it belongs to the bucket
  histogram.observe_us(51);
  histogram.observe_us(20000000);  // above all bounds
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"5e-05\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"0.0001\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"10\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_count 3\n"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_sum 20.000101\n"));
}

TEST(Metrics, AsksForAGaugeAtEachScrape) {
  Metrics metrics;
  int calls = 0;
  metrics.gauge_from("depth", "Depth.", {}, [&] { return ++calls; });
  EXPECT_THAT(metrics.text(), HasSubstr("depth 1\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("depth 2\n"));
}

TEST(Metrics, AsksForACounterAtEachScrape) {
  Metrics metrics;
  int calls = 0;
  metrics.counter_from("asked_total", "Asked.", {}, [&] { return ++calls; });
  EXPECT_THAT(metrics.text(), HasSubstr("# TYPE asked_total counter\nasked_total 1\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("asked_total 2\n"));
}

TEST(Metrics, EscapesLabels) {
  Metrics metrics;
  metrics.gauge("g", "G.", {{"name", "a\"b\\c\n"}}).set(1);
  EXPECT_THAT(metrics.text(), HasSubstr(R"(g{name="a\"b\\c\n"} 1)"));
}

}  // namespace
}  // namespace parley::runtime
