#include "service/grpc_log.hpp"

#include <grpc/support/log.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace parley::service {
namespace {

TEST(GrpcLog, WhatGrpcSaysIsALineOfOurs) {
  std::ostringstream lines;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)));

  route_grpc_log();
  gpr_log(GPR_ERROR, "no such %s", "thing");

  spdlog::set_default_logger(before);
  EXPECT_NE(lines.str().find("grpc: no such thing"), std::string::npos) << lines.str();
  EXPECT_NE(lines.str().find("error"), std::string::npos) << lines.str();
}

}  // namespace
}  // namespace parley::service
