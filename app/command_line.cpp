#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/option_file.hpp"
#include "app/uploads.hpp"
#include "auth/password.hpp"
#include "codec/upload_input.hpp"
#include "dialect/options.hpp"
#include "eventlog/kafka/kafka_log.hpp"
#include "limit/rate.hpp"
#include "migrate/source.hpp"
#include "net/client_address.hpp"
#include "search/language.hpp"

namespace parley::app {

namespace {

const std::map<std::string, int> kMilliseconds{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};

// HOST:PORT; what is wrong with it as CLI11 wants to hear it, nothing when it is right.
std::string check_address(const std::string& address) {
  const auto colon = address.rfind(':');
  const auto port = colon == std::string::npos ? std::string() : address.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (colon == 0 || !digits || std::stoi(port) > 65535) return "'" + address + "' is not a HOST:PORT";
  return {};
}

std::string check_given(const std::string& value) { return value.empty() ? "it is empty" : std::string(); }

std::string check_brokers(const std::string& list) { return split_list(list).empty() ? "it names no broker" : std::string(); }

// As Kafka names its topics.
std::string check_topic(const std::string& name) {
  constexpr std::size_t kLongest = 249;
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-'; };
  const bool sound = !name.empty() && name.size() <= kLongest && name != "." && name != ".." && std::ranges::all_of(name, fits);
  return sound ? std::string() : "'" + name + "' is not a topic: up to 249 letters, digits, '.', '_' and '-'";
}

std::string check_claim(const std::string& names) {
  return names.find_first_not_of('|') == std::string::npos ? "it names no claim" : std::string();
}

std::string check_properties(const std::string& list) {
  for (const auto& property : split_list(list)) {
    const auto equals = property.find('=');
    if (equals == std::string::npos || equals == 0) return "'" + property + "' is not a NAME=VALUE";
    const auto name = property.substr(0, equals);
    if (eventlog::is_own_kafka_property(name)) return "'" + name + "' is not for you to set: Parley does";
  }
  return {};
}

std::string check_url(const std::string& url) {
  if (url.empty()) return {};
  const auto scheme = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
  const bool sound = scheme > 0 && url.size() > scheme && url[scheme] != '/' &&
                     std::ranges::none_of(url, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
  return sound ? std::string{} : "'" + url + "' is not an http:// or https:// address";
}

// What a browser sends as Origin: no path, not even a slash.
std::string check_origins(const std::string& list) {
  for (const auto& origin : split_list(list)) {
    const auto begin = origin.find("://");
    const bool sound = begin != std::string::npos && begin > 0 && origin.size() > begin + 3 &&
                       origin.find_first_of("/?#@ ", begin + 3) == std::string::npos;
    if (origin != "*" && !sound) return "'" + origin + "' is not an origin: SCHEME://HOST or SCHEME://HOST:PORT, or *";
  }
  return {};
}

std::string check_rate(const std::string& text) {
  if (limit::Rate::parse(text)) return {};
  return "'" + text + "' is not A SECOND/AT ONCE (20/100, each from 1 to 1000000000) or off";
}

std::string check_proxies(const std::string& list) {
  const auto proxies = net::TrustedProxies::parse(split_list(list));
  return proxies ? std::string() : proxies.error();
}

std::string check_types(const std::string& list) {
  for (const auto& type : split_list(list)) {
    const bool any_of_its_kind = type.ends_with("/*");
    if (type != "*/*" && !codec::is_media_type(any_of_its_kind ? type.substr(0, type.size() - 1) + "x" : type))
      return "'" + type + "' is not a type/subtype, a type/* or */*";
  }
  return {};
}

std::string check_language(const std::string& name) {
  if (search::is_language(name)) return {};
  return "'" + name + "' is none of: " + search::languages();
}

std::string check_source(const std::string& name) {
  const auto wrong = name.empty() ? std::string_view() : migrate::wrong_with_source(name);
  return wrong.empty() ? std::string() : "'" + name + "' " + std::string(wrong);
}

bool is_dialect(std::string_view name) { return std::ranges::find(dialect::kNames, name) != std::end(dialect::kNames); }

std::string check_dialects(const std::string& list) {
  for (const auto& name : split_list(list))
    if (!is_dialect(name) && list != "all" && list != "none")
      return "'" + name + "' is no dialect, nor is it all or none alone";
  return {};
}

std::string check_dialect_claims(const std::string& list) {
  for (const auto& each : split_list(list)) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals + 1 == each.size() || !is_dialect(std::string_view(each).substr(0, equals)))
      return "'" + each + "' is not a DIALECT=CLAIM";
  }
  return {};
}

// The options of one verb, being defined.
class Definer {
 public:
  Definer(CLI::App& command, Options& options) : command_(command), o_(options) {
    command_.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)->always_capture_default();
  }

  void general() {
    add("--log-level", o_.log_level, "trace, debug, info, warning, error, critical or off")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}));
    add("--log-format", o_.log_format, "auto (text on a terminal, JSON otherwise), text or json")
        ->check(CLI::IsMember({"auto", "text", "json"}));
    add("--config", config_file_, "A file of options, a `name = value` a line")->type_name("FILE");
    command_.add_flag("--check-config", check_only_, "Check the options and exit");
  }
  void data(const char* what) { add("--data", o_.data, what)->check(check_given); }

  void log(bool embedded) {
    auto& log = o_.log;
    if (embedded) add("--log", log.kind, "embedded (below --data) or kafka")->check(CLI::IsMember({"embedded", "kafka"}));
    add("--brokers", log.brokers, "Kafka's bootstrap servers, HOST:PORT,…")->check(check_brokers);
    add("--topic", log.topic, "Kafka's topic of commands")->check(check_topic);
    add("--keys-topic", log.keys_topic, "Kafka's topic of keys; empty: the one of commands, `keys` for `commands` at its end")
        ->check([](const std::string& name) { return name.empty() ? name : check_topic(name); });
    add("--new-keys", log.new_keys, "on: where a log's keys are lost, go on without what was sealed with them")
        ->check(CLI::IsMember({"on", "off"}));
    add("--kafka-properties", log.kafka_properties, "of librdkafka, NAME=VALUE,…: security.protocol, sasl.* and the like")
        ->check(check_properties);
    add("--partitions", log.partitions, "of a new log; an existing one must have as many")->check(CLI::Range(1, 4096));
    add("--replication-factor", log.replication_factor, "of a new topic; -1: the broker's default");
    add("--append-timeout-ms", log.append_timeout_ms, "for the log to take a command; then log_unavailable")
        ->check(CLI::Range(100, 600'000));
    add("--start-timeout-ms", log.start_timeout_ms, "for the log to answer at start")->check(CLI::Range(100, 600'000));
    add("--log-queue-bytes", log.queue_bytes, "of commands that wait to be appended")->check(CLI::Range(1 << 20, 1 << 30));
    add("--dedup-window-hours", log.dedup_window_hours, "that an idempotency key is remembered; recorded in a new log")
        ->check(CLI::Range(24, 24 * 365));
  }

  void auth(bool development) {
    auto& auth = o_.auth;
    add("--auth-secret-file", auth.secret_file, "the HS256 secret; without it: DATA/secret, made in development mode");
    add("--auth-issuer", auth.issuer, "that a token's `iss` must be; empty: any");
    add("--auth-audience", auth.audience, "that a token's `aud` must name; empty: any");
    add("--auth-user-claim", auth.user_claim, "the claim that names the user; of several, separated by |, the first there is")
        ->check(check_claim);
    if (!development) return;
    jwks();
    add("--operators", auth.operators, "user ids, comma-separated, besides those whose token says so");
    add("--dev", auth.dev, "development mode, with tokens for any name; auto: on when listening on loopback alone")
        ->check(CLI::IsMember({"auto", "on", "off"}));
  }

  void jwks() {
    auto& jwks = o_.auth.jwks;
    add("--auth-jwks-url", jwks.url, "where the issuer publishes its keys (JWKS); empty: no RS256 and ES256")->check(check_url);
    add("--auth-jwks-ca-file", jwks.ca_file, "certificate authorities for that address, PEM; empty: the system's");
    add("--auth-jwks-refresh-ms", jwks.refresh_ms, "between two fetches of the keys")->check(CLI::Range(100, 86'400'000));
    add("--auth-jwks-cooldown-ms", jwks.cooldown_ms,
        "from a fetch to one that an unknown key asks for, or that a failure makes necessary")
        ->check(CLI::Range(100, 3'600'000));
    add("--auth-jwks-timeout-ms", jwks.timeout_ms, "for a fetch")->check(CLI::Range(100, 60'000));
    add("--auth-jwks-wait-ms", jwks.wait_ms, "that a request with an unknown key waits for a fetch; then 401")
        ->check(CLI::Range(0, 60'000));
    add("--auth-jwks-max-bytes", jwks.max_bytes, "of the published document")->check(CLI::Range(1024, 16 << 20));
  }

  void listen(const char* what) {
    add("--listen", o_.listen.address, what)->check(check_address);
    add("--drain-timeout-ms", o_.listen.drain_timeout_ms, "to finish what runs when told to stop")
        ->check(CLI::Range(0, 600'000));
  }

  void accounts() {
    auto& a = o_.accounts;
    add("--accounts", a.on, "auto (in development mode), on or off: whether anyone may make an account with a password")
        ->check(CLI::IsMember({"auto", "on", "off"}));
    add("--account-token-ttl-s", a.token_ttl_s, "how long the token of an account is good")->check(CLI::Range(10, 30 * 86'400));
    add("--account-attempts-per-email", a.attempts_per_email,
        "a minute, to make an account or log in to one; beyond: 429; 0: any number")
        ->check(CLI::Range(0, 1'000'000));
    add("--account-attempts-per-address", a.attempts_per_address, "likewise, from one address")
        ->check(CLI::Range(0, 1'000'000));
    add("--password-operations", a.password_operations, "passes of Argon2id over its memory, for each new password")
        ->check(CLI::Range(1U, auth::PasswordCost::kMostOperations));
    add("--password-memory-kib", a.password_memory_kib, "of Argon2id, for each new password")
        ->check(CLI::Range(auth::PasswordCost::kLeastMemoryKib, auth::PasswordCost::kMostMemoryKib));
    add("--password-threads", a.password_threads, "that hash and check passwords")->check(CLI::Range(1, 64));
    add("--password-queue", a.password_queue, "passwords that are not looked at yet; beyond: 429")
        ->check(CLI::Range(1, 10'000));
  }

  void http() {
    auto& l = o_.listen;
    add("--allowed-origins", l.allowed_origins, "of browsers, comma-separated, besides the same origin; *: any")
        ->check(check_origins);
    add("--max-connections", l.max_connections, "at once")->check(CLI::Range(1, 10'000'000));
    add("--max-header-bytes", l.max_header_bytes, "of a request; beyond: 431")->check(CLI::Range(1024, 1 << 20));
    add("--max-body-bytes", l.max_body_bytes, "of a request; beyond: 413")->check(CLI::Range(1024, 1 << 30));
    add("--header-timeout-ms", l.header_timeout_ms, "for a request's head")->check(CLI::Range(10, 600'000));
    add("--body-timeout-ms", l.body_timeout_ms, "for a request's body")->check(CLI::Range(10, 600'000));
    add("--write-timeout-ms", l.write_timeout_ms, "for a peer to take a response")->check(CLI::Range(10, 600'000));
    add("--keep-alive-timeout-ms", l.keep_alive_timeout_ms, "between requests")->check(CLI::Range(10, 3'600'000));
    add("--position-wait-ms", l.position_wait_ms, "for Parley-Min-Position; then not_caught_up")->check(CLI::Range(0, 60'000));
    add("--shards", l.shards, "threads that serve sockets; 0: one for each processor")->check(CLI::Range(0, 1024));
  }

  void sockets() {
    auto& l = o_.listen;
    add("--max-frame-bytes", l.max_frame_bytes, "of a WebSocket message from a client; beyond: 1009")
        ->check(CLI::Range(1024, 1 << 20));
    add("--socket-queue-bytes", l.socket_queue_bytes, "waiting for a WebSocket; beyond: 4408")
        ->check(CLI::Range(64 << 10, 1 << 30));
    add("--max-in-flight", l.max_in_flight, "commands of a WebSocket that are not answered yet; then it is not read from")
        ->check(CLI::Range(1, 1'000'000));
    add("--max-rooms-per-connection", l.max_rooms, "that a WebSocket may be in at once; beyond: conflict")
        ->check(CLI::Range(0, 100'000));
    add("--ping-interval-ms", l.ping_interval_ms, "between pings; two unanswered: closed")->check(CLI::Range(100, 3'600'000));
    add("--idle-timeout", l.idle_timeout_ms,
        "off, or after how long a WebSocket that sends nothing of its own is closed: 90s, 5m, 1h; without a unit: ms")
        ->transform(CLI::AsNumberWithUnit(kMilliseconds).description(""))
        ->transform(CLI::Transformer({{"off", "0"}}).description(""))
        ->type_name("DURATION")
        ->default_str("off")
        ->check(CLI::Range(0, 86'400'000).description(""));
    add("--resume-gap", l.resume_gap, "events of a channel that a client resumes; behind more of them it fetches anew")
        ->check(CLI::Range(1, 1'000'000));
    add("--resumes-at-once", l.resumes_at_once, "WebSockets for which what they missed is read, for each shard; others wait")
        ->check(CLI::Range(1, 100'000));
    add("--resume-patience-ms", l.resume_patience_ms,
        "that a WebSocket which resumes is waited for in all, to take what it missed; then 4408")
        ->check(CLI::Range(100, 3'600'000));
    add("--recent-bytes", l.recent_bytes, "of events kept in memory for those who resume")->check(CLI::Range(0, 1 << 30));
    add("--outcome-timeout-ms", l.outcome_timeout_ms, "for a command's outcome; then outcome_unknown")
        ->check(CLI::Range(100, 600'000));
  }

  void limits(bool sockets) {
    auto& l = o_.limits;
    add("--rate-limits", l.enabled, "on or off: whether users and addresses are limited; beyond: 429")
        ->check(CLI::IsMember({"on", "off"}));
    rate("--user-messages", l.user.messages, "messages of a user, A SECOND/AT ONCE, or off");
    rate("--user-commands", l.user.commands, "commands of a user, messages included");
    rate("--user-reads", l.user.reads, "reads of a user");
    rate("--user-bytes", l.user.bytes, "bytes that a user sends: bodies and WebSocket messages");
    rate("--address-messages", l.address.messages, "messages from an address, of all its users");
    rate("--address-commands", l.address.commands, "commands from an address");
    rate("--address-reads", l.address.reads, "reads from an address");
    rate("--address-bytes", l.address.bytes, "bytes from an address");
    add("--max-limit-accounts", l.max_accounts, "users that are counted at once, and addresses; more are not limited")
        ->check(CLI::Range(1, 100'000'000));
    add("--trusted-proxies", l.trusted_proxies, "addresses and networks whose X-Forwarded-For is believed, comma-separated")
        ->check(check_proxies);
    if (!sockets) return;
    add("--max-connections-per-user", l.user.connections, "WebSockets of a user; beyond: 429")->check(CLI::Range(1, 1'000'000));
    add("--max-connections-per-address", l.address.connections, "WebSockets from an address; beyond: 429")
        ->check(CLI::Range(1, 10'000'000));
    rate("--socket-refusals", l.refusals, "of what one WebSocket sends; beyond: closed with 4429");
  }

  void dialects() {
    add("--dialects", o_.dialects.spoken,
        "the other chat systems whose clients are served: slack_clone, room_chat, pagenow, social_media, comma-separated; all; "
        "none")
        ->check(check_dialects);
    add("--dialect-claims", o_.dialects.claims,
        "NAME=CLAIM, comma-separated: the claim that names the user to a dialect; of several, separated by |, the first there "
        "is")
        ->check(check_dialect_claims);
  }

  void uploads() {
    auto& u = o_.uploads;
    add("--s3-endpoint", u.endpoint,
        "of an S3-compatible server for uploads, as clients reach it: http(s)://HOST; empty: none");
    add("--s3-bucket", u.bucket, "the bucket for uploads");
    add("--s3-region", u.region, "its region, as it is signed");
    add("--s3-addressing", u.addressing, "where a link names the bucket: path or virtual (in the host's name)")
        ->check(CLI::IsMember({"path", "virtual"}));
    add("--s3-credentials-file", u.credentials_file, "a file of two lines: the key's id, its secret");
    add("--upload-max-bytes", u.max_bytes, "of one upload")->check(CLI::Range(std::uint64_t{1}, std::uint64_t{5} << 30));
    add("--upload-types", u.types, "content types that are allowed, comma-separated: image/png, image/*, */*")
        ->check(check_types);
    add("--upload-expires-s", u.expires_s, "how long a link is good")->check(CLI::Range(1, 604'800));
  }

  void state(bool reads) {
    auto& s = o_.state;
    add("--fold-threads", s.fold_threads, "that fold the log; 0: one for every two processors")->check(CLI::Range(0, 1024));
    add("--write-buffer-bytes", s.write_buffer_bytes, "of a partition's state in memory before it goes to disk")
        ->check(CLI::Range(1 << 20, 1 << 30));
    add("--block-cache-bytes", s.block_cache_bytes, "for reading state, over all partitions")
        ->check(CLI::Range(1 << 20, 1 << 30));
    add("--max-lag", s.max_lag, "records behind the log's end, and still ready")->check(CLI::Range(1, 1'000'000'000));
    if (reads) add("--read-threads", s.read_threads, "that read state for queries")->check(CLI::Range(1, 256));
  }

  void presence() {
    add("--presence-grace-ms", o_.presence.grace_ms, "that a user stays online without a connection")
        ->check(CLI::Range(0, 3'600'000));
  }

  void search(bool reads) {
    auto& s = o_.search;
    add("--search", s.on, "on or off: an index of all texts, beside the state")->check(CLI::IsMember({"on", "off"}));
    add("--search-language", s.language, "whose words are found in all their forms, or none; another one: a new index")
        ->check(check_language);
    if (!reads) return;
    add("--search-interval-ms", s.interval_ms, "between two looks at what is new, and so what a search may be behind")
        ->check(CLI::Range(10, 60'000));
    add("--search-threads", s.threads, "that search")->check(CLI::Range(1, 256));
    add("--search-queue", s.queue, "searches of a partition that are not answered yet; beyond: not_caught_up")
        ->check(CLI::Range(1, 100'000));
    add("--search-timeout-ms", s.timeout_ms, "for a search; then not_caught_up")->check(CLI::Range(10, 4000));
  }

  void moving(ImportOptions& i) {
    add("form", i.form, "slack-export: Slack's own, unpacked; or jsonl: docs/import.md")
        ->required()
        ->check(CLI::IsMember({"slack-export", "jsonl"}));
    add("path", i.path, "the folder, or the file")->required();
    add("--source", i.source, "what the export is known by, for ever; empty: Slack's id of the workspace, or the file's name")
        ->check(check_source);
    add("--workspace", i.workspace, "what the workspace of a slack-export is called; empty: as its folder");
    add("--report", i.report, "a file for what is not brought over, a JSON object a line");
    add("--in-flight", i.in_flight, "commands that are on their way through log and fold at once")
        ->check(CLI::Range(1, 1'000'000));
  }

  void grpc_server() {
    add("--grpc-listen", o_.peers.grpc_listen, "HOST:PORT of the internal service; port 0: any")->check(check_address);
    secret();
  }
  void read_model() {
    add("--read-model", o_.peers.read_model, "HOST:PORT of the projector's internal service")->check(check_address);
  }
  void broadcaster() {
    add("--broadcaster", o_.peers.broadcaster, "HOST:PORT of the broadcaster's internal service")->check(check_address);
  }
  void secret() {
    add("--internal-secret-file", o_.peers.internal_secret_file,
        "what Parley's processes show each other; needed beyond loopback");
  }

  void rate(const char* name, std::string& value, const char* what) {
    add(name, value, what)->type_name("RATE")->check(check_rate);
  }

  template <class T>
  CLI::Option* add(const char* name, T& value, const char* what) {
    return command_.add_option(name, value, what);
  }

 private:
  CLI::App& command_;
  Options& o_;
  inline static std::string config_file_;  // was read before (config_file())
  inline static bool check_only_ = false;  // asked for by count()
};

struct Commands {
  CLI::App app{"Parley: an event-sourced chat backend. `parley serve` is all of it in one process.", "parley"};
  std::vector<std::pair<Verb, CLI::App*>> verbs;
  Options options;

  Commands() {
    app.require_subcommand(1);
    app.set_version_flag("--version", PARLEY_VERSION);
    define(Verb::Serve, "serve", "Everything in one process", [](Definer& d) {
      d.listen("HOST:PORT for HTTP and WebSocket; port 0: any");
      d.data("the directory of log and state");
      d.log(true), d.auth(true), d.accounts(), d.http(), d.sockets(), d.limits(true), d.dialects(), d.uploads(), d.state(true),
          d.search(true), d.presence();
    });
    define(Verb::Ingest, "ingest", "WebSockets and HTTP writes", [](Definer& d) {
      d.listen("HOST:PORT for HTTP and WebSocket; port 0: any");
      d.data("the directory of the development secret");
      d.log(false), d.auth(true), d.accounts(), d.http(), d.sockets(), d.limits(true), d.dialects(), d.read_model(),
          d.broadcaster(), d.secret();
    });
    define(Verb::Projector, "projector", "Folds the log into read models and serves them to query-api", [](Definer& d) {
      d.listen("HOST:PORT for /healthz, /readyz and /metrics; port 0: any");
      d.data("the directory of the state");
      d.log(false), d.state(true), d.search(true), d.grpc_server();
    });
    define(Verb::Broadcaster, "broadcaster", "Folds the log and pushes changes to the ingest processes", [](Definer& d) {
      d.listen("HOST:PORT for /healthz, /readyz and /metrics; port 0: any");
      d.data("the directory of the state");
      d.log(false), d.state(false), d.presence(), d.grpc_server();
    });
    define(Verb::QueryApi, "query-api", "HTTP reads", [](Definer& d) {
      d.listen("HOST:PORT for HTTP; port 0: any");
      d.data("the directory of the development secret");
      d.auth(true), d.http(), d.limits(false), d.dialects(), d.uploads(), d.read_model(), d.secret();
    });
    define(Verb::Token, "token", "Prints a development token", [this](Definer& d) {
      d.data("the directory of the server's secret");
      d.auth(false);
      d.add("user", options.user, "the user id")->required();
      d.add("--expires-in-s", options.expires_in_s, "how long it is good")->check(CLI::Range(1, 10 * 365 * 86'400));
    });
    define(Verb::Replay, "replay", "Builds state from the log, beside a running system", [this](Definer& d) {
      d.data("the directory of the embedded log");
      d.log(true);
      d.state(false);
      d.search(false);
      d.add("--from", options.from, "the first offset; state can only be built from 0")->check(CLI::Range(0, 0));
      d.add("--out", options.out, "the directory to build in, new or empty")->required()->check(check_given);
    });
    define(Verb::Verify, "verify", "Are two states the same? Exit code 1 when they are not", [this](Definer& d) {
      d.add("left", options.left, "a directory of state")->required();
      d.add("right", options.right, "another one")->required();
    });
    define(Verb::DeadLetters, "deadletters", "Lists the records that could not be decoded",
           [](Definer& d) { d.data("the directory of the state, of a process that does not run"); });
    define(Verb::Import, "import", "Brings over the history of another system", [this](Definer& d) {
      d.data("the directory of log and state, of a process that does not run; on Kafka: of a state of its own");
      d.log(true);
      d.state(false);
      d.search(false);
      d.moving(options.moving);
    });
  }

  [[nodiscard]] const CLI::App* find(const std::string& name) const {
    for (const auto& [verb, command] : verbs)
      if (command->get_name() == name) return command;
    return nullptr;
  }

  [[nodiscard]] std::string names() const {
    std::string names;
    for (const auto& [verb, command] : verbs) names += (names.empty() ? "" : ", ") + command->get_name();
    return names;
  }

  template <class Define>
  void define(Verb verb, const char* name, const char* what, const Define& with) {
    auto* command = app.add_subcommand(name, what);
    Definer definer(*command, options);
    with(definer);
    definer.general();
    verbs.emplace_back(verb, command);
  }
};

std::string variable_of(const std::string& option) {
  std::string name = "PARLEY_";
  for (const char c : option) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// One argument, or two where the value is empty: after a bare `--name=` CLI11 would take the next argument for the value.
void add_option(std::vector<std::string>& arguments, const std::string& name, const std::string& value) {
  if (!value.empty()) return arguments.push_back(name + "=" + value);
  arguments.push_back(name);
  arguments.emplace_back();
}

// Options from variables, as arguments. An empty one counts as not given.
std::vector<std::string> from_variables(const CLI::App& command) {
  std::vector<std::string> arguments;
  for (const auto* option : command.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
    const auto& name = option->get_lnames().front();
    const char* value = std::getenv(variable_of(name).c_str());  // NOLINT(concurrency-mt-unsafe): before any thread
    if (value != nullptr && *value != '\0' && name != "check-config") add_option(arguments, "--" + name, value);
  }
  return arguments;
}

// The arguments with each value beside its option's name. An option takes no other option for its value, as it would where a
// shell's variable is empty (`--operators $NOBODY --dev off`).
std::expected<std::vector<std::string>, Refusal> with_values(const CLI::App& command,
                                                             const std::vector<std::string>& arguments) {
  std::vector<std::string> paired;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto equals = arguments[i].find('=');
    const auto name = arguments[i].substr(0, equals);
    const auto* option = name.starts_with("--") ? command.get_option_no_throw(name) : nullptr;
    if (option == nullptr || option->get_items_expected_max() == 0) {
      paired.push_back(arguments[i]);
    } else if (equals != std::string::npos) {
      add_option(paired, name, arguments[i].substr(equals + 1));
    } else if (i + 1 < arguments.size() && !arguments[i + 1].starts_with("--")) {
      add_option(paired, name, arguments[++i]);
    } else {
      return std::unexpected(Refusal{2, "parley: " + name + " needs a value; one that begins with -- follows an = sign"});
    }
  }
  return paired;
}

// Options from a file, as arguments.
std::expected<std::vector<std::string>, Refusal> from_file(const CLI::App& command, const std::string& file) {
  const auto refused = [&](const std::string& why) { return std::unexpected(Refusal{2, "parley: " + why}); };
  std::error_code error;
  std::ifstream in;
  if (std::filesystem::is_regular_file(file, error)) in.open(file);
  if (!in.is_open()) return refused("can't read the file of options " + file);
  const auto options = read_option_file(in);
  if (!options) return refused(file + ": " + options.error());
  std::vector<std::string> arguments;
  for (const auto& [name, value, line] : *options) {
    const auto* option = command.get_option_no_throw("--" + name);
    const bool asks = name == "config" || name == "check-config" || name == "help";
    if (option == nullptr || asks)
      return refused(file + ": line " + std::to_string(line) + " names " + name + ", which is no option of " +
                     command.get_name() + (asks ? " for a file" : ""));
    add_option(arguments, "--" + name, value);
  }
  return arguments;
}

std::string config_file(const std::vector<std::string>& arguments) {
  constexpr std::string_view kOption = "--config=";
  std::string file;
  for (const auto& argument : arguments)
    if (argument.starts_with(kOption)) file = argument.substr(kOption.size());
  return file;
}

std::string one_line(std::string text) {
  for (auto& c : text)
    if (c == '\n') c = ' ';
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// What can only be said of several options.
std::expected<void, std::string> check_together(Verb verb, const Options& options) {
  const bool writes = verb == Verb::Serve || verb == Verb::Ingest;
  const bool reads = verb == Verb::Serve || verb == Verb::QueryApi;
  if (writes || reads)
    if (const auto development = development_mode(options); !development) return std::unexpected(development.error());
  if (writes)
    if (const auto accounts = has_accounts(options); !accounts) return std::unexpected(accounts.error());
  return reads ? check_uploads(options.uploads) : std::expected<void, std::string>();
}

}  // namespace

std::expected<Request, Refusal> parse_command_line(const std::vector<std::string>& arguments) {
  Commands commands;
  auto given = arguments;
  if (!given.empty() && !given.front().starts_with('-')) {
    const auto* command = commands.find(given.front());
    if (command == nullptr)
      return std::unexpected(Refusal{2, "parley: '" + given.front() + "' is none of: " + commands.names()});
    auto paired = with_values(*command, arguments);
    if (!paired) return std::unexpected(paired.error());
    given = std::move(*paired);
    auto more = from_variables(*command);
    given.insert(given.begin() + 1, more.begin(), more.end());
    if (const auto file = config_file(given); !file.empty()) {
      auto filed = from_file(*command, file);
      if (!filed) return std::unexpected(filed.error());
      given.insert(given.begin() + 1, filed->begin(), filed->end());
    }
  }
  std::ranges::reverse(given);  // as CLI11 wants it
  try {
    commands.app.parse(given);
  } catch (const CLI::Success& help) {
    std::ostringstream text;
    commands.app.exit(help, text, text);
    return std::unexpected(Refusal{0, text.str()});
  } catch (const CLI::Error& error) {
    return std::unexpected(Refusal{2, "parley: " + one_line(error.what()) + " (parley --help)"});
  }
  for (const auto& [verb, command] : commands.verbs) {
    if (!command->parsed()) continue;
    if (verb == Verb::Ingest || verb == Verb::Projector || verb == Verb::Broadcaster) commands.options.log.kind = "kafka";
    if (const auto sound = check_together(verb, commands.options); !sound)
      return std::unexpected(Refusal{2, "parley: " + sound.error()});
    return Request{verb, commands.options, command->count("--check-config") > 0};
  }
  return std::unexpected(Refusal{2, "parley: what is to be done? (parley --help)"});
}

}  // namespace parley::app
