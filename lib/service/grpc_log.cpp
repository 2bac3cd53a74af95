#include "service/grpc_log.hpp"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "runtime/log.hpp"

namespace parley::service {
namespace {

spdlog::level::level_enum level_of(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_DEBUG:
      return spdlog::level::debug;
    case GPR_LOG_SEVERITY_INFO:
      return spdlog::level::info;
    case GPR_LOG_SEVERITY_ERROR:
      break;
  }
  return spdlog::level::err;
}

}  // namespace

void route_grpc_log() {
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_function([](gpr_log_func_args* line) { spdlog::log(level_of(line->severity), "grpc: {}", line->message); });
}

}  // namespace parley::service
