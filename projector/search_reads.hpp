// Answers searches from the indexes of an Indexer and the stores beside them: the index says where, the store what is there now
// and whether the caller may see it.
//
// Concurrency: read() from any thread; searches run on threads of their own, so that a slow one holds up no page of history.
// Ownership: pipeline and indexer must outlive it. Limits: at most `max_waiting` searches queued or waiting for a position;
// more are answered UNAVAILABLE at once, and so is one that is not done by its deadline.
#pragma once

#include "projector/indexer.hpp"
#include "projector/read_threads.hpp"
#include "service/read_model.hpp"

namespace parley::projector {

struct SearchOptions {
  std::string language{search::kDefaultLanguage};
  std::size_t threads = 2;
  std::size_t max_waiting = 1000;
  std::chrono::milliseconds timeout{1000};  // from when it is asked, waiting for a position left out
};

class SearchReads {
 public:
  SearchReads(const fold::Pipeline& pipeline, const Indexer& indexer, SearchOptions options, runtime::Metrics& metrics);
  ~SearchReads();
  SearchReads(const SearchReads&) = delete;
  SearchReads& operator=(const SearchReads&) = delete;

  void read(service::pb::ReadRequest request, service::ReadModel::Done done);
  // Answers what waits as UNAVAILABLE, and joins. REQUIRES: nobody reads any more.
  void stop() { threads_.reset(); }

 private:
  struct Waiting;
  void attempt(std::shared_ptr<Waiting> waiting);
  [[nodiscard]] service::pb::ReadResponse answer(const service::pb::ReadRequest& request,
                                                 std::chrono::steady_clock::time_point deadline) const;

  const fold::Pipeline& pipeline_;
  const Indexer& indexer_;
  SearchOptions options_;
  runtime::Histogram& seconds_;
  runtime::Counter& refused_;
  runtime::Counter& timeouts_;
  runtime::Counter& failures_;
  std::atomic<std::size_t> waiting_{0};
  std::unique_ptr<ReadThreads> threads_;  // behind all that they use
};

}  // namespace parley::projector
