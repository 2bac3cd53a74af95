// Answers reads from the stores of a pipeline: one snapshot of one partition each. Who may see what is decided here.
//
// Concurrency: read() and describe() from any thread. A small read whose rows are all in memory is answered at once, by the
// asking thread; everything else is done on threads of its own, since RocksDB may wait for the disk. Ownership: the pipeline
// and the searches must outlive it. Limits: at most `max_waiting` reads queued or waiting for a position; more are answered
// UNAVAILABLE at once.
#pragma once

#include <atomic>
#include <memory>

#include "fold/pipeline.hpp"
#include "projector/read_threads.hpp"
#include "projector/search_reads.hpp"
#include "service/read_model.hpp"

namespace parley::projector {

struct ReadModelOptions {
  std::size_t threads = 2;
  std::size_t max_waiting = 10'000;
};

class LocalReadModel : public service::ReadModel {
 public:
  // `search` may be null: searches are then not served.
  LocalReadModel(const fold::Pipeline& pipeline, ReadModelOptions options, SearchReads* search = nullptr);
  ~LocalReadModel() override;
  // Answers what waits as UNAVAILABLE, and joins. REQUIRES: nobody reads any more.
  void stop();

  void read(service::pb::ReadRequest request, Done done) override;
  service::pb::DescribeResponse describe() override;

 private:
  struct Waiting;
  void attempt(std::shared_ptr<Waiting> waiting);
  [[nodiscard]] bool is_reached(const service::pb::ReadRequest& request) const;
  [[nodiscard]] std::optional<service::pb::ReadResponse> answer(const service::pb::ReadRequest& request,
                                                                store::Reach reach) const;

  const fold::Pipeline& pipeline_;
  ReadModelOptions options_;
  SearchReads* search_;
  std::atomic<std::size_t> waiting_{0};
  std::unique_ptr<ReadThreads> threads_;  // behind all that they use
};

}  // namespace parley::projector
