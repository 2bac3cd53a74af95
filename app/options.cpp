#include "app/options.hpp"

#include <sstream>

namespace parley::app {

bool is_loopback(const std::string& address) {
  const auto host = address.substr(0, address.ends_with(']') ? address.size() : address.rfind(':'));
  return (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos) || host == "localhost" ||
         host == "[::1]";
}

std::string keys_topic_of(const LogOptions& log) {
  constexpr std::string_view kEnd = ".commands";
  if (!log.keys_topic.empty()) return log.keys_topic;
  std::string_view name = log.topic;
  if (name.ends_with(kEnd)) name.remove_suffix(kEnd.size());
  return std::string(name) + ".keys";
}

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
  if (!on && options.auth.secret_file.empty() && options.auth.jwks.url.empty())
    return std::unexpected(
        "without development mode a secret or an issuer's keys are needed: --auth-secret-file FILE, --auth-jwks-url URL");
  return on;
}

std::expected<bool, std::string> has_accounts(const Options& options) {
  const auto development = development_mode(options);
  if (!development) return development;
  if (options.accounts.on == "auto") return *development;
  if (options.accounts.on == "on" && !*development && options.auth.secret_file.empty())
    return std::unexpected("--accounts on needs the secret that their tokens are signed with: --auth-secret-file FILE");
  return options.accounts.on == "on";
}

}  // namespace parley::app
