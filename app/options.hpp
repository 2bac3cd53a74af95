// What can be set, for all shapes of the program: one struct a concern, filled and checked by the command line
// (command_line.hpp) and handed down. Durations and sizes have their units in the options' names.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace parley::app {

struct LogOptions {
  std::string kind = "embedded";
  std::string brokers = "127.0.0.1:9092";
  std::string topic = "parley.commands";
  std::string keys_topic;  // empty: keys_topic_of()
  std::string new_keys = "off";
  std::string kafka_properties;  // comma-separated
  std::uint32_t partitions = 4;
  int replication_factor = -1;
  std::uint32_t append_timeout_ms = 5000;
  std::uint32_t start_timeout_ms = 10'000;
  std::uint64_t queue_bytes = 64 << 20;
  std::uint32_t dedup_window_hours = 24;
};

// The keys that an issuer publishes.
struct JwksOptions {
  std::string url;
  std::string ca_file;
  std::uint32_t refresh_ms = 300'000;
  std::uint32_t cooldown_ms = 5000;
  std::uint32_t timeout_ms = 5000;
  std::uint32_t wait_ms = 2000;
  std::uint64_t max_bytes = 256 << 10;
};

struct AuthOptions {
  std::string secret_file;
  JwksOptions jwks;
  std::string issuer;
  std::string audience;
  std::string user_claim = "sub";
  std::string operators;  // comma-separated
  std::string dev = "auto";
};

struct AccountOptions {
  std::string on = "auto";
  std::uint32_t token_ttl_s = 3600;
  std::uint32_t attempts_per_email = 5;  // a minute; 0: no limit
  std::uint32_t attempts_per_address = 20;
  std::uint32_t password_operations = 2;
  std::uint32_t password_memory_kib = 64 << 10;
  std::uint32_t password_threads = 1;
  std::uint32_t password_queue = 32;
};

struct ListenOptions {
  std::string address = "127.0.0.1:8080";
  std::string allowed_origins;  // comma-separated
  std::uint64_t max_connections = 20'000;
  std::uint64_t max_header_bytes = 16 << 10;
  std::uint64_t max_body_bytes = 1 << 20;
  std::uint64_t max_frame_bytes = 64 << 10;
  std::uint64_t socket_queue_bytes = 1 << 20;
  std::uint64_t max_in_flight = 256;
  std::uint64_t resume_gap = 10'000;
  std::uint64_t resumes_at_once = 64;
  std::uint64_t recent_bytes = 4 << 20;
  std::uint64_t max_rooms = 100;
  std::uint32_t header_timeout_ms = 10'000;
  std::uint32_t body_timeout_ms = 30'000;
  std::uint32_t write_timeout_ms = 30'000;
  std::uint32_t keep_alive_timeout_ms = 75'000;
  std::uint32_t ping_interval_ms = 25'000;
  std::uint32_t idle_timeout_ms = 0;
  std::uint32_t resume_patience_ms = 60'000;
  std::uint32_t outcome_timeout_ms = 8000;
  std::uint32_t position_wait_ms = 2000;
  std::uint32_t drain_timeout_ms = 10'000;
  std::uint32_t shards = 0;  // 0: one for each processor
};

// Rates are "20/100": 20 a second, 100 at once; or "off".
struct LimitOptions {
  struct Each {
    std::string messages;
    std::string commands;
    std::string reads;
    std::string bytes;
    std::uint32_t connections = 0;
  };
  std::string enabled = "on";
  Each user{"20/100", "100/500", "100/500", "1048576/8388608", 100};
  // Of many users: a whole company may be behind one address.
  Each address{"1000/5000", "5000/25000", "5000/25000", "33554432/268435456", 5000};
  std::string refusals = "10/500";
  std::uint64_t max_accounts = 200'000;
  std::string trusted_proxies;  // comma-separated
};

// The other chat systems whose clients are served.
struct DialectOptions {
  std::string spoken = "all";  // comma-separated names, all or none
  std::string claims;          // NAME=CLAIM, comma-separated
};

struct UploadOptions {
  std::string endpoint;  // empty: no uploads
  std::string bucket;
  std::string region = "us-east-1";
  std::string addressing = "path";
  std::string credentials_file;
  std::uint64_t max_bytes = 100 << 20;
  std::string types = "*/*";  // comma-separated
  std::uint32_t expires_s = 900;
};

struct StateOptions {
  std::uint32_t fold_threads = 0;  // 0: half of the processors
  std::uint32_t read_threads = 2;
  std::uint64_t write_buffer_bytes = 64 << 20;
  std::uint64_t block_cache_bytes = 128 << 20;
  std::uint64_t max_lag = 10'000;
};

struct PresenceOptions {
  std::uint32_t grace_ms = 10'000;
};

struct SearchOptions {
  std::string on = "on";
  std::string language = "english";
  std::uint32_t interval_ms = 500;
  std::uint32_t threads = 2;
  std::uint32_t queue = 1000;
  std::uint32_t timeout_ms = 1000;
};

struct ImportOptions {
  std::string form;       // slack-export or jsonl
  std::string path;       // of the folder or file
  std::string source;     // empty: what the export says of itself, or its name
  std::string workspace;  // empty: the folder's name
  std::string report;     // a file; empty: none
  std::uint64_t in_flight = 16'384;
};

struct PeerOptions {
  std::string grpc_listen = "127.0.0.1:0";
  std::string read_model = "127.0.0.1:9301";
  std::string broadcaster = "127.0.0.1:9302";
  std::string internal_secret_file;
};

struct Options {
  std::string data = "data";
  std::string log_level = "info";
  std::string log_format = "auto";
  LogOptions log;
  AuthOptions auth;
  AccountOptions accounts;
  ListenOptions listen;
  LimitOptions limits;
  DialectOptions dialects;
  UploadOptions uploads;
  StateOptions state;
  PresenceOptions presence;
  SearchOptions search;
  PeerOptions peers;

  // --- of the tools
  ImportOptions moving;
  std::string user;  // token USER
  std::uint32_t expires_in_s = 24 * 3600;
  std::string out;         // replay --out
  std::uint64_t from = 0;  // replay --from
  std::string left;        // verify DIR DIR
  std::string right;
};

// The topic of the keys that belongs to these commands.
std::string keys_topic_of(const LogOptions& log);

std::vector<std::string> split_list(const std::string& commas);

// HOST:PORT or HOST.
bool is_loopback(const std::string& address);

// Is it development mode, where anyone gets a token? The error is a sentence: where others could reach it, or neither that nor
// a secret nor an issuer's keys.
std::expected<bool, std::string> development_mode(const Options& options);

// Are there accounts? The error is a sentence: there is no secret to sign their tokens with.
std::expected<bool, std::string> has_accounts(const Options& options);

}  // namespace parley::app
