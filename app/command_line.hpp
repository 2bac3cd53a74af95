// From arguments, PARLEY_* variables and a file to Options. A flag goes over a variable over the file.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace parley::app {

enum class Verb : std::uint8_t { Serve, Ingest, Projector, Broadcaster, QueryApi, Token, Replay, Verify, DeadLetters, Import };

struct Request {
  Verb verb = Verb::Serve;
  Options options;
  bool check_only = false;  // --check-config
};

struct Refusal {
  int exit_code = 2;
  std::string text;  // for standard error, or standard output when exit_code is 0 (--help, --version)
};

std::expected<Request, Refusal> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace parley::app
