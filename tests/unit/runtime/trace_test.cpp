#include "runtime/trace.hpp"

#include <gtest/gtest.h>

namespace parley::runtime {
namespace {

constexpr std::string_view kGood = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, ReadsAndWritesTheStandardsExample) {
  const auto context = TraceContext::parse(kGood);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->traceparent(), kGood);
  EXPECT_TRUE(context->sampled());
}

TEST(TraceContext, RefusesWhatTheStandardForbids) {
  for (const std::string_view bad : {
           "",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
       }) {
    EXPECT_FALSE(TraceContext::parse(bad)) << bad;
  }
}

TEST(TraceContext, TakesALaterVersionWithMoreFields) {
  const auto context = TraceContext::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-what-comes-later");
  ASSERT_TRUE(context);
  EXPECT_FALSE(context->sampled());
}

TEST(TraceContext, AChildKeepsTheTraceAndHasAStepOfItsOwn) {
  const auto parent = TraceContext::make();
  const auto child = parent.child();
  EXPECT_EQ(child.trace_id(), parent.trace_id());
  EXPECT_NE(child.traceparent(), parent.traceparent());
  EXPECT_TRUE(TraceContext::parse(child.traceparent()));
}

TEST(TraceContext, BeginsATraceWhereTheCallerBringsNone) {
  EXPECT_EQ(TraceContext::from(kGood).traceparent(), kGood);
  EXPECT_TRUE(TraceContext::parse(TraceContext::from("nonsense").traceparent()));
}

}  // namespace
}  // namespace parley::runtime
