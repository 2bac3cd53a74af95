// Looks for messages in an index, as it was at its last commit.
//
// Concurrency: find() from any thread; what it returns stays with one. Ownership: none of the writer's; a writer may commit
// meanwhile. Limits: a search ends at its deadline; a text has at most kMaxWildcards prefixes, each standing for at most
// kMaxExpansion words, the most frequent ones.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "search/document.hpp"
#include "search/error.hpp"

namespace parley::search {

inline constexpr std::size_t kMaxWildcards = 4;
inline constexpr unsigned kMaxExpansion = 100;
inline constexpr std::size_t kSnippetBytes = 200;

// In time: by when it was posted, then by channel and seq.
enum class Order : std::uint8_t { Relevance, Newest, Oldest };

// What is looked for.
//
// In the text: words, all of which (or, if `any`, one of which) must be there in one of their forms; "phrases", whose words
// stand so; prefixes (foo*); -words that must not be there; author:NAME. A text that is none of this is taken as plain words.
// Without words, what else is asked for counts alone, the newest first.
struct Wanted {
  std::string text;
  std::vector<core::ChannelId> channels;  // in one of these
  std::optional<core::UserId> author;
  std::optional<core::TimeMs> before;  // both exclusive
  std::optional<core::TimeMs> after;
  bool any = false;
  Order order = Order::Relevance;
};

struct Hit {
  core::MessageRef message;
  double weight = 0;  // BM25: compares within one index
};

// The hits of a search in the order that was asked for: by relevance, the newest first among equals.
class Hits {
 public:
  virtual ~Hits() = default;
  [[nodiscard]] virtual const std::vector<Hit>& all() const = 0;
  // About kSnippetBytes of `text` around what was looked for, as HTML: <mark> around each hit; &, < and > escaped.
  [[nodiscard]] virtual std::string snippet(const std::string& text) const = 0;
};

class Searcher {
 public:
  Searcher(std::filesystem::path dir, std::string language) : dir_(std::move(dir)), language_(std::move(language)) {}
  // Those of rank `first` (from 0) and up to `count` in all.
  [[nodiscard]] Result<std::unique_ptr<Hits>> find(const Wanted& wanted, std::size_t first, std::size_t count,
                                                   std::chrono::steady_clock::time_point deadline) const;

 private:
  std::filesystem::path dir_;
  std::string language_;
};

}  // namespace parley::search
