#include "search/searcher.hpp"

#include <xapian.h>

#include <thread>

#include "search/attempt.hpp"
#include "search/query.hpp"
#include "search/terms.hpp"

namespace parley::search {
namespace {

constexpr int kAttempts = 3;  // of a search whose index was written to twice, or moved, meanwhile
constexpr std::chrono::milliseconds kBetweenAttempts{5};

constexpr const char* kBegin = "<mark>";
constexpr const char* kEnd = "</mark>";

// Of a word that is written without spaces every part is marked by itself.
std::string joined(std::string snippet) {
  const auto seam = std::string(kEnd) + kBegin;
  for (auto at = snippet.find(seam); at != std::string::npos; at = snippet.find(seam, at)) snippet.erase(at, seam.size());
  return snippet;
}

class XapianHits final : public Hits {
 public:
  XapianHits(const Xapian::MSet& set, Xapian::Stem stem) : set_(set), stem_(std::move(stem)) {
    hits_.reserve(set_.size());
    for (auto it = set_.begin(); it != set_.end(); ++it)
      hits_.push_back({message_at(it.get_document().get_value(kPlace)), it.get_weight()});
  }
  [[nodiscard]] const std::vector<Hit>& all() const override { return hits_; }
  [[nodiscard]] std::string snippet(const std::string& text) const override {
    auto made = attempt([&]() -> Result<std::string> {
      return set_.snippet(text, kSnippetBytes, stem_, Xapian::MSet::SNIPPET_CJK_NGRAM, kBegin, kEnd, "…");
    });
    return made ? joined(std::move(*made)) : std::string();
  }

 private:
  Xapian::MSet set_;
  Xapian::Stem stem_;
  std::vector<Hit> hits_;
};

// Where a message stands in time: unlike its number in the index, the same in every index that was ever built.
class PlaceInTime final : public Xapian::KeyMaker {
 public:
  std::string operator()(const Xapian::Document& document) const override {
    return document.get_value(kPostedAt) + document.get_value(kPlace);
  }
};

void sort(Xapian::Enquire& enquire, Order order) {
  enquire.set_docid_order(Xapian::Enquire::DONT_CARE);
  if (order == Order::Relevance)
    enquire.set_sort_by_relevance_then_value(kPostedAt, true);
  else
    enquire.set_sort_by_key((new PlaceInTime)->release(), order == Order::Newest);
}

std::unique_ptr<Hits> search(const std::filesystem::path& dir, const std::string& language, const Wanted& wanted,
                             std::size_t first, std::size_t count, std::chrono::steady_clock::time_point deadline) {
  const Xapian::Stem stem(language);
  const Xapian::Database db(dir.string());
  Xapian::Enquire enquire(db);
  enquire.set_query(query_of(db, wanted, stem, deadline));
  sort(enquire, wanted.order);
  return std::make_unique<XapianHits>(
      enquire.get_mset(static_cast<Xapian::doccount>(first), static_cast<Xapian::doccount>(count)), stem);
}

}  // namespace

Result<std::unique_ptr<Hits>> Searcher::find(const Wanted& wanted, std::size_t first, std::size_t count,
                                             std::chrono::steady_clock::time_point deadline) const {
  Error last;
  for (int i = 0; i < kAttempts; ++i) {
    if (i > 0) std::this_thread::sleep_for(kBetweenAttempts);
    if (std::chrono::steady_clock::now() >= deadline) return std::unexpected(Error{ErrorKind::Timeout, "too late"});
    try {
      return search(dir_, language_, wanted, first, count, deadline);
    } catch (const PastDeadline&) {
      return std::unexpected(Error{ErrorKind::Timeout, "it took too long"});
    } catch (const Xapian::Error& error) {
      last = error_of(error);
    }
  }
  std::error_code error;
  const bool is_there = std::filesystem::exists(dir_, error) || error;  // a new one is not, yet
  if (!is_there) return std::make_unique<XapianHits>(Xapian::MSet(), Xapian::Stem());
  return std::unexpected(last);
}

}  // namespace parley::search
