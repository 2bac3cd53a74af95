// A bucket at an S3-compatible server, as far as links into it go. Nothing is ever sent there: a link is made by signing it,
// and whoever gets it talks to the server himself.
//
// Concurrency: constant; any thread.
#pragma once

#include <expected>
#include <filesystem>

#include "s3/sigv4.hpp"

namespace parley::s3 {

struct BucketOptions {
  std::string endpoint;  // as clients reach it: "https://s3.example.com", "http://127.0.0.1:9000"
  std::string region;
  std::string bucket;
  bool virtual_host = false;  // the bucket as part of the host's name, rather than of the path
  Credentials credentials;
  std::uint32_t expires_s = 900;  // of links
};

class Bucket {
 public:
  // The error is a sentence.
  static std::expected<Bucket, std::string> make(BucketOptions options);

  // What may be put behind a link: a server refuses another type or size.
  struct Terms {
    std::string content_type;     // empty: any
    std::uint64_t size = 0;       // 0: any
    std::uint32_t expires_s = 0;  // 0: as all links
  };
  [[nodiscard]] std::string put_link(const std::string& key, const Terms& terms, std::int64_t now_ms) const;
  // To get it, told to whoever downloads it with this Content-Disposition.
  [[nodiscard]] std::string get_link(const std::string& key, const std::string& disposition, std::int64_t now_ms) const;
  [[nodiscard]] std::int64_t expiry_ms(std::int64_t now_ms, std::uint32_t expires_s = 0) const {
    return now_ms / 1000 * 1000 + lifetime_s(expires_s) * 1000LL;
  }

 private:
  explicit Bucket(BucketOptions options) : options_(std::move(options)) {}
  [[nodiscard]] std::uint32_t lifetime_s(std::uint32_t wanted) const { return wanted == 0 ? options_.expires_s : wanted; }
  [[nodiscard]] std::string link(Signable request, const std::string& key, std::int64_t now_ms, std::uint32_t expires_s) const;

  BucketOptions options_;
  std::string scheme_;
  std::string host_;  // with its port, where it is not the scheme's own
};

// Two lines of a file: the key's id and its secret. The error is a sentence.
std::expected<Credentials, std::string> load_credentials(const std::filesystem::path& file);

}  // namespace parley::s3
