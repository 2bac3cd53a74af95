#include <openssl/evp.h>
#include <xapian.h>

#include <cstdio>
#include <cstdlib>

#include "search/attempt.hpp"
#include "search/progress.hpp"
#include "search/terms.hpp"

namespace parley::search {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) { must(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr)); }
  void add(const std::string& bytes) {
    add(bytes.size());
    must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  }
  void add(std::uint64_t number) {
    const auto bytes = big_endian(number);
    must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  }
  std::string hex() {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    must(EVP_DigestFinal_ex(context_.get(), bytes, &size));
    std::string text;
    char digits[3];
    for (unsigned i = 0; i < size; ++i) {
      std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
      text += digits;
    }
    return text;
  }

 private:
  static void must(int done) {
    if (done != 1) std::abort();  // SHA-256 has no way to fail but a broken OpenSSL
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

void add_document(Sha256& sha, const Xapian::Document& document) {
  for (auto term = document.termlist_begin(); term != document.termlist_end(); ++term) {
    sha.add(*term);
    for (auto at = term.positionlist_begin(); at != term.positionlist_end(); ++at) sha.add(*at);
  }
  for (auto value = document.values_begin(); value != document.values_end(); ++value) sha.add(*value);
}

Result<Digest> digest_of(const Xapian::Database& db) {
  const auto progress = parse_progress(db.get_metadata(kProgressKey));
  if (!progress) return std::unexpected(Error{ErrorKind::Damaged, "it does not say how far it has come"});
  Digest result{.hex = {}, .documents = db.get_doccount(), .progress = *progress};
  Sha256 sha;
  for (auto term = db.allterms_begin("Q"); term != db.allterms_end("Q"); ++term)
    for (auto it = db.postlist_begin(*term); it != db.postlist_end(*term); ++it) add_document(sha, db.get_document(*it));
  result.hex = sha.hex();
  return result;
}

}  // namespace

// Whoever made the folder may have been ended before there was an index in it: then it has taken nothing in.
Result<Digest> digest(const std::filesystem::path& dir) {
  return attempt([&]() -> Result<Digest> {
    try {
      return digest_of(Xapian::Database(dir.string()));
    } catch (const Xapian::DatabaseNotFoundError&) {
      return Digest{.progress = {.building = true}};
    }
  });
}

}  // namespace parley::search
