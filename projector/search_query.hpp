// One search of one partition, on behalf of one caller: what the index finds, held against a snapshot of the store.
//
// Concurrency: one thread; made for one request. Limits: a page is as large as the request says; it goes no deeper than
// kMaxRank hits of the index.
#pragma once

#include <chrono>

#include "projector/queries.hpp"
#include "search/searcher.hpp"

namespace parley::projector {

class SearchQuery {
 public:
  static constexpr std::size_t kMaxRank = 10'000;

  SearchQuery(const store::Snapshot& snapshot, const search::Searcher& searcher, const std::string& caller)
      : queries_(snapshot, caller), searcher_(searcher) {}
  search::Result<pb::ReadResponse> answer(const pb::Search& asked, std::chrono::steady_clock::time_point deadline);

 private:
  search::Result<void> find(const search::Wanted& wanted, const pb::Search& asked,
                            std::chrono::steady_clock::time_point deadline, pb::SearchAnswer& out);

  Queries queries_;
  const search::Searcher& searcher_;
};

}  // namespace parley::projector
