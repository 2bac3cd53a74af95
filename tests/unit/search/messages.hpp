// An index in a directory of its own, and messages to put into it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include "search/index.hpp"
#include "search/searcher.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::search {

using Seqs = std::vector<std::uint64_t>;

// What a kill left of an index while it was being made.
inline void half_make(const std::filesystem::path& dir) {
  std::filesystem::remove_all(dir);
  std::filesystem::create_directory(dir);
  for (const auto* file : {"flintlock", "postlist.glass", "termlist.glass", "v.tmp"}) std::ofstream(dir / file, std::ios::app);
}

class Messages {
 public:
  explicit Messages(const std::string& language = "english") : language_(language) { open(); }

  void open() {
    index.reset();
    auto opened = Index::open(dir(), language_);
    ASSERT_TRUE(opened) << opened.error().what;
    index = std::move(*opened);
  }
  Document document(std::uint64_t seq, std::string text) const {
    return {.message = {channel, {seq}}, .author = author, .posted_at = {1000 * static_cast<std::int64_t>(seq)}, .text = text};
  }
  void put(std::uint64_t seq, std::string text) { write({.put = {document(seq, std::move(text))}}); }
  void write(const Batch& batch, const Progress& progress = {.next_offset = 1}) {
    const auto written = index->write(batch, progress);
    ASSERT_TRUE(written) << written.error().what;
  }
  [[nodiscard]] std::filesystem::path dir() const { return dir_ / "search"; }

  // What is found, best first.
  [[nodiscard]] std::unique_ptr<Hits> find(const Wanted& wanted, std::size_t first = 0, std::size_t count = 100) const {
    auto hits =
        Searcher(dir(), language_).find(wanted, first, count, std::chrono::steady_clock::now() + std::chrono::seconds(10));
    if (hits) return std::move(*hits);
    ADD_FAILURE() << hits.error().what;
    std::abort();
  }
  [[nodiscard]] Seqs seqs(const Wanted& wanted, std::size_t first = 0, std::size_t count = 100) const {
    Seqs found;
    for (const auto& hit : find(wanted, first, count)->all()) found.push_back(hit.message.seq.value);
    return found;
  }
  [[nodiscard]] Seqs seqs(const std::string& text) const { return seqs({.text = text, .channels = {channel}}); }

  core::ChannelId channel = core::group_id({"alice"}, "g");
  core::UserId author{"alice"};
  std::unique_ptr<Index> index;

 private:
  testing::TempDir dir_{testing::memory_directory()};
  std::string language_;
};

}  // namespace parley::search
