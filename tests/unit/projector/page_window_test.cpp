// Against what someone says who has the whole channel before him.
#include "projector/page_window.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <vector>

namespace parley::projector {
namespace {

using Query = parley::internal::v1::GetMessages;

struct Page {
  std::vector<std::uint64_t> seqs;
  bool has_before = false;
  bool has_after = false;
  bool operator==(const Page&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Page& page) {
  for (const auto seq : page.seqs) out << seq << ' ';
  return out << (page.has_before ? "before " : "") << (page.has_after ? "after" : "");
}

Page counted(const PageWindow& window) {
  Page page{{}, window.has_before, window.has_after};
  for (auto seq = window.first; seq <= window.last; ++seq) page.seqs.push_back(seq);
  return page;
}

// The page among those that can be seen, which are from `begin` on, and whether something is on either side of it.
Page expected(const Query& query, std::uint64_t begin, std::uint64_t last_seq) {
  std::vector<std::uint64_t> before;  // of the place asked for
  std::vector<std::uint64_t> behind;
  for (auto seq = begin; seq <= last_seq; ++seq) {
    const bool is_before = query.has_after()    ? seq <= query.after()
                           : query.has_around() ? seq < query.around()
                           : query.has_before() ? seq < query.before()
                                                : true;
    (is_before ? before : behind).push_back(seq);
  }
  const std::size_t limit = query.limit();
  const auto wanted = query.has_after() ? 0 : query.has_around() ? limit / 2 : limit;
  const auto taken = std::min<std::size_t>(wanted, before.size());
  Page page{{before.end() - static_cast<std::ptrdiff_t>(taken), before.end()}, taken < before.size(), false};
  const auto room = query.has_after() || query.has_around() ? limit - taken : 0;
  const auto ahead = std::min<std::size_t>(room, behind.size());
  page.seqs.insert(page.seqs.end(), behind.begin(), behind.begin() + static_cast<std::ptrdiff_t>(ahead));
  page.has_after = ahead < behind.size();
  return page;
}

TEST(PageWindow, HoldsWhatIsThereBehindWhatIsHidden) {
  for (std::uint64_t last_seq = 0; last_seq <= 6; ++last_seq)
    for (std::uint64_t hidden = 0; hidden <= last_seq + 1; ++hidden)
      for (std::uint32_t limit = 1; limit <= 8; ++limit)
        for (std::uint64_t place = 0; place <= 9; ++place)
          for (const int anchor : {0, 1, 2, 3}) {
            Query query;
            query.set_limit(limit);
            if (anchor == 1) query.set_after(place);
            if (anchor == 2 && place > 0) query.set_before(place);
            if (anchor == 3 && place > 0) query.set_around(place);
            EXPECT_EQ(counted(page_window(query, last_seq, hidden)), expected(query, hidden + 1, last_seq))
                << "of " << last_seq << ", hidden " << hidden << ": " << query.ShortDebugString();
          }
}

}  // namespace
}  // namespace parley::projector
