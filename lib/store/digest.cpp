#include "store/digest.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <vector>

namespace parley::store {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) { must(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr)); }
  void add(std::string_view bytes) {
    std::array<std::uint8_t, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<std::uint8_t>(bytes.size() >> (56 - 8 * i));
    must(EVP_DigestUpdate(context_.get(), length.data(), length.size()));
    must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  }
  Digest finish() {
    Digest result{};
    must(EVP_DigestFinal_ex(context_.get(), result.data(), nullptr));
    return result;
  }

 private:
  static void must(int done) {
    if (done != 1) std::abort();  // SHA-256 has no way to fail but a broken OpenSSL
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

struct Entry {
  std::string key;
  std::string value;
};

// Walks a table entry by entry, reading ahead in runs: two of them can walk side by side.
class Walk {
 public:
  Walk(const Store& store, TableId table) : snapshot_(store.snapshot()), table_(table) {}

  // The entry it stands at; null at the table's end.
  Stored<const Entry*> at() {
    if (next_ == run_.size() && !ended_) {
      if (auto read = read_run(); !read) return std::unexpected(std::move(read.error()));
    }
    return next_ < run_.size() ? &run_[next_] : nullptr;
  }
  void advance() { ++next_; }

 private:
  static constexpr std::size_t kRunEntries = 1000;

  Stored<void> read_run() {
    const auto from = run_.empty() ? std::string() : run_.back().key + '\0';  // the first key above the last one
    run_.clear();
    next_ = 0;
    auto read = snapshot_->scan(table_, {}, from, [this](auto key, auto value) {
      run_.emplace_back(std::string(key), std::string(value));
      return run_.size() < kRunEntries;
    });
    ended_ = run_.size() < kRunEntries;
    return read;
  }

  std::unique_ptr<Snapshot> snapshot_;
  TableId table_;
  std::vector<Entry> run_;
  std::size_t next_ = 0;
  bool ended_ = false;
};

// Of the entries that two walks stand at, which may be missing: how they differ, if they do.
std::optional<Difference> compare(const Entry* a, const Entry* b) {
  if (!a && !b) return std::nullopt;
  if (!b || (a && a->key < b->key)) return Difference{a->key, a->value, std::nullopt};
  if (!a || b->key < a->key) return Difference{b->key, std::nullopt, b->value};
  if (a->value != b->value) return Difference{a->key, a->value, b->value};
  return std::nullopt;
}

}  // namespace

Stored<Digest> digest(const Snapshot& snapshot, TableId table) {
  Sha256 sha256;
  const auto scanned = snapshot.scan(table, {}, {}, [&](auto key, auto value) {
    sha256.add(key);
    sha256.add(value);
    return true;
  });
  if (!scanned) return std::unexpected(scanned.error());
  return sha256.finish();
}

std::string hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : digest) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

Stored<std::optional<Difference>> first_difference(const Store& a, const Store& b, TableId table) {
  Walk in_a(a, table);
  Walk in_b(b, table);
  for (;; in_a.advance(), in_b.advance()) {
    const auto at_a = in_a.at();
    if (!at_a) return std::unexpected(at_a.error());
    const auto at_b = in_b.at();
    if (!at_b) return std::unexpected(at_b.error());
    auto difference = compare(*at_a, *at_b);
    if (difference || (!*at_a && !*at_b)) return difference;
  }
}

}  // namespace parley::store
