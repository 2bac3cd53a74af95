// Where uploads go: links into a bucket, for objects whose key says which channel or which user they are of. Nothing of them is
// kept here.
//
// Concurrency: any thread. Ownership: the clock must outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/upload_input.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "s3/bucket.hpp"

namespace parley::query_api {

struct UploadLimits {
  std::uint64_t max_bytes = 100 << 20;
  std::vector<std::string> types = {"*/*"};  // "image/png", "image/*", "*/*"
};

// CHANNEL/RANDOM/NAME
struct UploadKey {
  core::ChannelId channel;
  std::string random;  // 128 bits in hexadecimal: not to be guessed
  std::string name;    // safe_name()
  [[nodiscard]] std::string text() const { return channel.text() + "/" + random + "/" + name; }
  // None: no upload has that key.
  static std::optional<UploadKey> parse(std::string_view channel, std::string_view random, std::string_view name);
};

class UploadDesk {
 public:
  UploadDesk(s3::Bucket bucket, UploadLimits limits, const runtime::Clock& clock, runtime::Metrics& metrics);

  [[nodiscard]] codec::Parsed<codec::UploadRequest> parse(std::string_view body) const;
  // What a client is told: where to put an object with a new key, or where to get one. `user`: whose it is, if it is his own.
  std::string put(const codec::UploadRequest& request, const core::UserId& user);
  std::string get(const UploadKey& key);

 private:
  s3::Bucket bucket_;
  UploadLimits limits_;
  const runtime::Clock& clock_;
  runtime::Counter& put_links_;
  runtime::Counter& get_links_;
};

}  // namespace parley::query_api
