// The text of a search: whatever it is, it is answered, in time, and a snippet is safe as HTML.
#include "search/index.hpp"
#include "search/progress.hpp"
#include "search/searcher.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::fuzz {
namespace {

const core::ChannelId kChannel = core::group_id({"ada"}, "g");
const std::string kText = "hello (world) & <b>not</b> \"near\" or 東京都 a*b author:ada hello world walking";

// A few messages, made once.
class Small {
 public:
  Small() {
    auto index = search::Index::open(dir_ / "search", "english");
    must_hold(index.has_value(), "an index can be made");
    search::Batch batch;
    for (std::uint64_t seq = 1; seq <= 20; ++seq)
      batch.put.push_back({{kChannel, {seq}}, {"ada"}, {static_cast<std::int64_t>(seq)}, kText + std::to_string(seq)});
    must_hold((*index)->write(batch, {}).has_value(), "and written");
  }
  // Of an odd text one word is enough, and the newest comes first.
  [[nodiscard]] search::Result<std::unique_ptr<search::Hits>> find(std::string text) const {
    const bool odd = text.size() % 2 == 1;
    const auto order = odd ? search::Order::Newest : search::Order::Relevance;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    return search::Searcher(dir_ / "search", "english")
        .find({.text = std::move(text), .channels = {kChannel}, .any = odd, .order = order}, 0, 10, deadline);
  }

 private:
  testing::TempDir dir_{testing::memory_directory()};
};

// Without the marks.
std::string bare(std::string snippet) {
  for (const std::string mark : {"<mark>", "</mark>"})
    for (auto at = snippet.find(mark); at != std::string::npos; at = snippet.find(mark, at)) snippet.erase(at, mark.size());
  return snippet;
}

}  // namespace

std::vector<std::string> seeds() {
  return {"hello world",
          "\"hello world\"",
          "walk*",
          "-near hello",
          "author:ada",
          "author:\"ada b\" x",
          "東京",
          "(a AND b) OR NOT c",
          "a..b",
          "~x +y",
          ""};
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::fuzz;
  static const Small kSmall;
  if (const auto progress = parley::search::parse_progress(view(data, size)))
    must_hold(parley::search::parse_progress(parley::search::text_of(*progress)).has_value(), "progress is read again");
  const auto hits = kSmall.find(std::string(view(data, size)));
  must_hold(hits.has_value(), "any text is a query");
  if ((*hits)->all().empty()) return 0;
  const auto snippet = bare((*hits)->snippet(kText));
  must_hold(snippet.find_first_of("<>") == std::string::npos, "what is not a mark is escaped");
  return 0;
}
