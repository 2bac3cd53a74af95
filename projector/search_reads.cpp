#include "projector/search_reads.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "projector/search_query.hpp"
#include "runtime/log.hpp"

namespace parley::projector {

namespace asio = boost::asio;
namespace pb = service::pb;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr milliseconds kLookAgain{10};  // for a position that is not reached yet

pb::ReadResponse with_status(pb::ReadStatus status) {
  pb::ReadResponse response;
  response.set_status(status);
  return response;
}

}  // namespace

// A search from when it is taken until it is answered, which happens exactly once.
struct SearchReads::Waiting {
  Waiting(SearchReads& asked_of, pb::ReadRequest asked, service::ReadModel::Done answered)
      : reads(asked_of),
        request(std::move(asked)),
        done(std::move(answered)),
        until(since + milliseconds(request.wait_ms())),
        deadline(since + asked_of.options_.timeout),
        timer(asked_of.threads_->context) {}
  ~Waiting() {
    if (done) finish(with_status(pb::READ_STATUS_UNAVAILABLE));
  }
  void finish(pb::ReadResponse response) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - since);
    reads.seconds_.observe_us(static_cast<std::uint64_t>(took.count()));
    reads.waiting_.fetch_sub(1, std::memory_order_relaxed);
    std::exchange(done, nullptr)(std::move(response));
  }

  SearchReads& reads;
  pb::ReadRequest request;
  service::ReadModel::Done done;
  SteadyClock::time_point since = SteadyClock::now();
  SteadyClock::time_point until;  // for the position
  SteadyClock::time_point deadline;
  asio::steady_timer timer;
};

SearchReads::SearchReads(const fold::Pipeline& pipeline, const Indexer& indexer, SearchOptions options,
                         runtime::Metrics& metrics)
    : pipeline_(pipeline),
      indexer_(indexer),
      options_(std::move(options)),
      seconds_(metrics.histogram("parley_search_seconds", "From when a partition is asked for a search until its answer")),
      refused_(metrics.counter("parley_search_refused_total", "Searches refused because too many were waiting")),
      timeouts_(metrics.counter("parley_search_timeouts_total", "Searches that were not done in time")),
      failures_(metrics.counter("parley_search_errors_total", "Searches that failed because the index could not be read")),
      threads_(std::make_unique<ReadThreads>(options_.threads)) {}

SearchReads::~SearchReads() = default;

void SearchReads::read(pb::ReadRequest request, service::ReadModel::Done done) {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) >= options_.max_waiting) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    refused_.add();
    return done(with_status(pb::READ_STATUS_UNAVAILABLE));
  }
  auto waiting = std::make_shared<Waiting>(*this, std::move(request), std::move(done));
  asio::post(threads_->context, [this, waiting = std::move(waiting)]() mutable { attempt(std::move(waiting)); });
}

void SearchReads::attempt(std::shared_ptr<Waiting> waiting) {
  const auto& request = waiting->request;
  if (!pipeline_.holds(request.partition())) return waiting->finish(with_status(pb::READ_STATUS_UNAVAILABLE));
  if (indexer_.next(request.partition()) >= request.min_next_offset())
    return waiting->finish(answer(request, waiting->deadline));
  if (SteadyClock::now() >= waiting->until) return waiting->finish(with_status(pb::READ_STATUS_NOT_CAUGHT_UP));
  waiting->deadline += kLookAgain;
  auto& timer = waiting->timer;
  timer.expires_after(kLookAgain);
  timer.async_wait([this, waiting = std::move(waiting)](boost::system::error_code) mutable { attempt(std::move(waiting)); });
}

pb::ReadResponse SearchReads::answer(const pb::ReadRequest& request, SteadyClock::time_point deadline) const {
  const auto partition = request.partition();
  const auto found = indexer_.next(partition);  // before the index is looked at: it only gets further
  const auto snapshot = pipeline_.store(partition).snapshot();
  const search::Searcher searcher(indexer_.dir(partition), options_.language);
  auto response = SearchQuery(*snapshot, searcher, request.caller()).answer(request.search(), deadline);
  if (response) {
    response->set_next_offset(std::min<std::uint64_t>(found, response->next_offset()));
    return std::move(*response);
  }
  const auto& [kind, what] = response.error();
  if (kind == search::ErrorKind::Timeout) {
    timeouts_.add();
    return with_status(pb::READ_STATUS_TIMEOUT);
  }
  failures_.add();
  spdlog::error("a search of partition {} failed: {}", partition, what);
  return with_status(pb::READ_STATUS_UNAVAILABLE);
}

}  // namespace parley::projector
