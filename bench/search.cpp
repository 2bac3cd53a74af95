// What the search index costs and how soon it answers: messages of words as they are spread in a language (the n-th most
// frequent one as 1/n) are folded into one partition, indexed from its rows, and searched, one search after the other, the way
// SearchReads does it: the index, the rows of the hits, snippets.
//
// Prints one JSON object. Files are below TMPDIR and gone at the end.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "bench/stopwatch.hpp"
#include "bench/traffic.hpp"
#include "fold/partition_fold.hpp"
#include "projector/partition_index.hpp"
#include "projector/read_tables.hpp"
#include "projector/search_query.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::bench {
namespace {

constexpr codec::Control kControl{.partitions = 1, .epoch = 1};
constexpr std::size_t kBatch = 4096;
const core::UserId kReader{"reader"};

struct Options {
  std::uint64_t messages = 1'000'000;
  std::size_t channels = 100;
  std::size_t text_bytes = 100;
  std::size_t words = 50'000;
  std::size_t searches = 2000;
};

template <class T, class E>
T require(std::expected<T, E> result) {
  if (!result) std::abort();
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Words {
 public:
  explicit Words(std::size_t count) {
    double sum = 0;
    for (std::size_t rank = 0; rank < count; ++rank) {
      std::string word;
      for (auto letters = 3 + dice_() % 7; letters > 0; --letters) word.push_back(static_cast<char>('a' + dice_() % 26));
      words_.push_back(std::move(word));
      sums_.push_back(sum += 1.0 / static_cast<double>(rank + 3));
    }
  }
  const std::string& any() {
    const auto at = std::uniform_real_distribution<double>(0, sums_.back())(dice_);
    return words_[static_cast<std::size_t>(std::ranges::lower_bound(sums_, at) - sums_.begin())];
  }
  // Of those that are frequent: what one would search for and find.
  const std::string& any_of(std::size_t first) { return words_[dice_() % std::min(first, words_.size())]; }
  std::uint64_t number(std::uint64_t below) { return dice_() % below; }
  std::string text(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += any() + ' ';
    return text;
  }

 private:
  std::mt19937_64 dice_{1};
  std::vector<std::string> words_;
  std::vector<double> sums_;
};

// One partition, its store, and an index of it.
class Bench {
 public:
  explicit Bench(const Options& options)
      : options_(options),
        words_(options.words),
        tables_(&queue_),
        store_(require(store::Store::open({.dir = dir_ / "store", .ordered = fold::ordered_tables()}))),
        fold_(require(fold::PartitionFold::open(0, *store_, kControl, &tables_))) {
    require(queue_.load(0, *store_, 0));
  }

  void fold() {
    std::vector<eventlog::Record> records;
    for (std::uint64_t made = 0; made < options_.channels + options_.messages; ++made) {
      records.push_back(next(made));
      if (records.size() == kBatch) fold_batch(records);
    }
    fold_batch(records);
  }
  Stopwatch::Lap index() {
    const Stopwatch watch;
    projector::PartitionIndex index(*store_, index_dir(), 0, queue_, {});
    while (index.turn() == projector::PartitionIndex::Turn::More) {
    }
    if (index.next() != fold_->next()) std::abort();
    return watch.lap();
  }
  [[nodiscard]] std::uintmax_t index_bytes() const {
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(index_dir())) bytes += file.file_size();
    return bytes;
  }

  // Milliseconds, sorted.
  template <class Text>
  std::vector<double> search(bool in_one_channel, const Text& text, projector::pb::Search asked = {}) {
    std::vector<double> took;
    const search::Searcher searcher(index_dir(), std::string(search::kDefaultLanguage));
    for (std::size_t i = 0; i < options_.searches; ++i) {
      asked.set_text(text(words_));
      asked.set_limit(50);
      if (in_one_channel) asked.set_channel(std::string(channels_[words_.number(channels_.size())].bytes()));
      const auto begun = std::chrono::steady_clock::now();
      const auto snapshot = store_->snapshot();
      const auto answer =
          projector::SearchQuery(*snapshot, searcher, kReader.text).answer(asked, begun + std::chrono::seconds(30));
      if (!answer) std::abort();
      hits_ += static_cast<std::uint64_t>(answer->search().hits_size());
      took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
    }
    std::ranges::sort(took);
    return took;
  }
  std::uint64_t take_hits() { return std::exchange(hits_, 0); }

 private:
  [[nodiscard]] std::filesystem::path index_dir() const { return dir_ / "search"; }

  eventlog::Record next(std::uint64_t number) {
    core::Command command{.user = {"user-" + std::to_string(number % 100)}};
    if (number < options_.channels) {
      const auto key = std::to_string(number);
      channels_.push_back(core::group_id(kReader, key));
      command.user = kReader;
      command.payload = core::CreateChannel{.channel = channels_.back(), .kind = core::ChannelKind::Group, .name = key};
    } else {
      command.user = kReader;
      command.payload =
          core::PostMessage{.channel = channels_[words_.number(channels_.size())], .text = words_.text(options_.text_bytes)};
    }
    command.stream = codec::stream_for(command.payload, command.user);
    command.received_at = {1'772'366'400'000 + static_cast<std::int64_t>(number)};
    command.id = core::command_id(command.stream.slot(), command.received_at, number);
    auto record = record_of(command, kControl.partitions);
    return {number, std::move(record.key), std::move(record.value), std::move(record.event.type)};
  }
  void fold_batch(std::vector<eventlog::Record>& records) {
    std::vector<fold::Step> steps;
    require(fold_->fold(records, steps));
    records.clear();
  }

  const Options& options_;
  testing::TempDir dir_;
  Words words_;
  std::vector<core::ChannelId> channels_;
  projector::TouchedQueue queue_{1, true};
  projector::ReadTables tables_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<fold::PartitionFold> fold_;
  std::uint64_t hits_ = 0;
};

void print(Bench& bench, const char* name, const std::vector<double>& took, const Options& options) {
  const auto at = [&](double share) { return took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))]; };
  std::printf(R"(,"%s":{"p50_ms":%.2f,"p99_ms":%.2f,"max_ms":%.2f,"hits":%.1f})", name, at(0.5), at(0.99), at(1),
              static_cast<double>(bench.take_hits()) / static_cast<double>(options.searches));
}

void run(const Options& options) {
  Bench bench(options);
  bench.fold();
  const auto indexed = bench.index();
  const auto messages = static_cast<double>(options.messages);
  std::printf(R"({"messages":%.0f,"channels":%zu,"text_bytes":%zu,"indexed_per_s":%.0f,"index_cpu_s_per_million":%.1f)",
              messages, options.channels, options.text_bytes, messages / indexed.wall_s, indexed.cpu_s / messages * 1e6);
  std::printf(R"(,"index_bytes_per_message":%.0f)", static_cast<double>(bench.index_bytes()) / messages);
  const auto two_words = [](Words& words) { return words.any_of(1000) + " " + words.any_of(1000); };
  const auto phrase = [](Words& words) { return "\"" + words.any_of(50) + " " + words.any_of(50) + "\""; };
  const auto prefix = [](Words& words) { return words.any_of(1000).substr(0, 3) + "*"; };
  const auto two_frequent = [](Words& words) { return words.any_of(10) + " " + words.any_of(10); };
  print(bench, "two words in one channel", bench.search(true, two_words), options);
  print(bench, "two words in all channels", bench.search(false, two_words), options);
  print(bench, "two of the ten most frequent words in one channel", bench.search(true, two_frequent), options);
  print(bench, "two of the ten most frequent words in all channels", bench.search(false, two_frequent), options);
  projector::pb::Search newest;
  newest.set_order(projector::pb::SEARCH_ORDER_NEWEST);
  auto any = newest;
  any.set_any(true);
  print(bench, "the same, the newest first", bench.search(false, two_frequent, newest), options);
  print(bench, "one of them, the newest first", bench.search(false, two_frequent, any), options);
  print(bench, "a phrase in all channels", bench.search(false, phrase), options);
  print(bench, "a prefix in all channels", bench.search(false, prefix), options);
  std::puts("}");
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  parley::bench::Options options;
  CLI::App app("Indexes messages and searches them");
  app.add_option("--messages", options.messages, "in one partition")->check(CLI::Range(1, 100'000'000))->capture_default_str();
  app.add_option("--channels", options.channels, "that they go to, all of them the reader's")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "of a message")->check(CLI::Range(1, 16'000))->capture_default_str();
  app.add_option("--words", options.words, "in the language")->check(CLI::Range(100, 10'000'000))->capture_default_str();
  app.add_option("--searches", options.searches, "of each kind")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  parley::bench::run(options);
  return 0;
}
