#include "app/options.hpp"

#include <sstream>

namespace parley::app {

namespace {

bool is_loopback(const std::string& address) {
  const auto host = address.substr(0, address.rfind(':'));
  return (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos) ||
         address.starts_with("localhost:") || address.starts_with("[::1]:");
}

}  // namespace

std::vector<std::string> split_list(const std::string& commas) {
  std::vector<std::string> parts;
  std::istringstream in(commas);
  for (std::string part; std::getline(in, part, ',');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

std::expected<bool, std::string> development_mode(const Options& options) {
  const bool loopback = is_loopback(options.listen.address);
  const bool on = options.auth.dev == "on" || (options.auth.dev == "auto" && loopback);
  if (on && !loopback)
    return std::unexpected("development mode gives tokens to anyone: it needs --listen on loopback, or --dev off");
  if (!on && options.auth.secret_file.empty())
    return std::unexpected("without development mode a secret is needed: --auth-secret-file FILE");
  return on;
}

}  // namespace parley::app
