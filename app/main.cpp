#include <cstdio>

#include "app/command_line.hpp"
#include "app/shapes.hpp"
#include "runtime/descriptors.hpp"
#include "runtime/log.hpp"
#include "runtime/scheduling.hpp"
#include "service/grpc_log.hpp"

namespace parley::app {

int fail(const std::string& why) {
  std::fprintf(stderr, "parley: %s\n", why.c_str());
  return 1;
}

namespace {

runtime::LogFormat log_format(const std::string& name) {
  if (name == "text") return runtime::LogFormat::Text;
  return name == "json" ? runtime::LogFormat::Json : runtime::LogFormat::Automatic;
}

// What a tool printed is what it was run for: where nobody got it, it has failed.
int printed(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return fail("can't write to standard output");
}

int run(const Request& request) {
  switch (request.verb) {
    case Verb::Serve:
      return run_serve(request.options);
    case Verb::Ingest:
      return run_ingest(request.options);
    case Verb::Projector:
      return run_projector(request.options);
    case Verb::Broadcaster:
      return run_broadcaster(request.options);
    case Verb::QueryApi:
      return run_query_api(request.options);
    case Verb::Token:
      return printed(run_token(request.options));
    case Verb::Replay:
      return printed(run_replay(request.options));
    case Verb::Verify:
      return printed(run_verify(request.options));
    case Verb::DeadLetters:
      return printed(run_dead_letters(request.options));
    case Verb::Import:
      return printed(run_import(request.options));
  }
  return 2;
}

}  // namespace

}  // namespace parley::app

int main(int argc, char** argv) {
  using namespace parley;
  const auto request = app::parse_command_line(std::vector<std::string>(argv + 1, argv + argc));
  if (!request) {
    const auto& refusal = request.error();
    std::fprintf(refusal.exit_code == 0 ? stdout : stderr, "%s\n", refusal.text.c_str());
    return refusal.exit_code;
  }
  const auto& options = request->options;
  if (auto set = runtime::set_up_log({.level = options.log_level, .format = app::log_format(options.log_format)}); !set)
    return app::fail(set.error());
  service::route_grpc_log();
  if (request->check_only) {
    std::printf("the options are valid\n");
    return 0;
  }
  runtime::raise_descriptor_limit();
  runtime::schedule_in_batches();
  const int code = app::run(*request);
  spdlog::shutdown();
  return code;
}
