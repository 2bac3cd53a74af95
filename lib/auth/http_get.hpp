// Gets a document by HTTP(S), with libcurl: bounded in time and size, no redirects, certificates checked.
//
// Concurrency: any thread that may be kept waiting, so never one that serves sockets.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <stop_token>
#include <string>

namespace parley::auth {

struct HttpGetOptions {
  std::string url;      // http:// or https://
  std::string ca_file;  // of certificate authorities, PEM; empty: the system's
  std::chrono::milliseconds timeout{5000};
  std::uint64_t max_bytes = 256 << 10;
};

// The body of a 200. The error is a sentence. A stop ends it within about a second.
std::expected<std::string, std::string> http_get(const HttpGetOptions& options, const std::stop_token& stop);

}  // namespace parley::auth
