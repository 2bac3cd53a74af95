// Which messages a page of history holds. Seqs are dense, so the page and what lies on both sides of it are told by arithmetic.
#pragma once

#include <algorithm>
#include <cstdint>

#include "parley/internal/v1/read_model.pb.h"

namespace parley::projector {

struct PageWindow {
  std::uint64_t first = 1;  // of the page
  std::uint64_t last = 0;   // less than `first`: an empty page
  bool has_before = false;
  bool has_after = false;
};

// For one who has hidden everything up to `hidden_seq`: to him the channel begins behind it.
inline PageWindow page_window(const parley::internal::v1::GetMessages& query, std::uint64_t last_seq,
                              std::uint64_t hidden_seq) {
  const std::uint64_t limit = query.limit();
  const auto begin = hidden_seq + 1;
  PageWindow w;
  if (query.has_after()) {
    w.first = std::max(begin, std::min(query.after(), last_seq) + 1);
    w.last = std::min(last_seq, w.first + limit - 1);
  } else if (query.has_around()) {
    const auto at = std::clamp<std::uint64_t>(query.around(), begin, std::max(begin, last_seq + 1));
    const auto before = std::min(limit / 2, at - begin);
    w.first = at - before;
    w.last = std::min(last_seq, w.first + limit - 1);
  } else {
    w.last = query.has_before() ? std::min(last_seq, query.before() - 1) : last_seq;
    w.first = std::max(begin, w.last >= limit ? w.last - limit + 1 : 1);
  }
  w.has_before = w.first > begin;
  w.has_after = std::max(w.last, hidden_seq) < last_seq;
  return w;
}

}  // namespace parley::projector
