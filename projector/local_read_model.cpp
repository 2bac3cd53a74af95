#include "projector/local_read_model.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "projector/queries.hpp"

namespace parley::projector {

namespace asio = boost::asio;
namespace pb = service::pb;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kLookAgain{2};  // for a position that is not reached yet

pb::ReadResponse with_status(pb::ReadStatus status) {
  pb::ReadResponse response;
  response.set_status(status);
  return response;
}

// Reads of a few rows; a page of history is the largest.
bool is_small(const pb::ReadRequest& request) {
  switch (request.query_case()) {
    case pb::ReadRequest::kGetMessages:
      return !request.get_messages().has_reply_to();
    case pb::ReadRequest::kGetMessage:
    case pb::ReadRequest::kListDeliveries:
    case pb::ReadRequest::kGetChannel:
    case pb::ReadRequest::kGetDirect:
    case pb::ReadRequest::kGetUser:
    case pb::ReadRequest::kFindChannels:
    case pb::ReadRequest::kFindUsers:
    case pb::ReadRequest::kGetName:
    case pb::ReadRequest::kGetAccount:
    case pb::ReadRequest::kGetWorkspace:
    case pb::ReadRequest::kGetCommand:
      return true;
    default:
      return false;
  }
}

}  // namespace

// A read from when it is taken until it is answered, which happens exactly once.
struct LocalReadModel::Waiting {
  Waiting(LocalReadModel& owner, pb::ReadRequest asked, Done answered)
      : model(owner),
        request(std::move(asked)),
        done(std::move(answered)),
        until(SteadyClock::now() + std::chrono::milliseconds(request.wait_ms())),
        timer(owner.threads_->context) {}
  ~Waiting() {
    if (done) finish(with_status(pb::READ_STATUS_UNAVAILABLE));
  }
  void finish(pb::ReadResponse response) {
    model.waiting_.fetch_sub(1, std::memory_order_relaxed);
    std::exchange(done, nullptr)(std::move(response));
  }

  LocalReadModel& model;
  pb::ReadRequest request;
  Done done;
  SteadyClock::time_point until;
  asio::steady_timer timer;
};

LocalReadModel::LocalReadModel(const fold::Pipeline& pipeline, ReadModelOptions options, SearchReads* search)
    : pipeline_(pipeline), options_(options), search_(search), threads_(std::make_unique<ReadThreads>(options_.threads)) {}

LocalReadModel::~LocalReadModel() = default;

void LocalReadModel::stop() {
  threads_.reset();
  if (search_ != nullptr) search_->stop();
}

void LocalReadModel::read(pb::ReadRequest request, Done done) {
  if (request.has_search()) {
    if (search_ == nullptr) return done(with_status(pb::READ_STATUS_NOT_SERVED));
    return search_->read(std::move(request), std::move(done));
  }
  if (is_small(request) && is_reached(request))
    if (auto response = answer(request, store::Reach::Memory)) return done(std::move(*response));
  if (waiting_.fetch_add(1, std::memory_order_relaxed) >= options_.max_waiting) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    return done(with_status(pb::READ_STATUS_UNAVAILABLE));
  }
  auto waiting = std::make_shared<Waiting>(*this, std::move(request), std::move(done));
  asio::post(threads_->context, [this, waiting = std::move(waiting)]() mutable { attempt(std::move(waiting)); });
}

void LocalReadModel::attempt(std::shared_ptr<Waiting> waiting) {
  const auto& request = waiting->request;
  if (!pipeline_.holds(request.partition())) return waiting->finish(with_status(pb::READ_STATUS_UNAVAILABLE));
  if (is_reached(request)) {
    auto response = answer(request, store::Reach::Disk);
    return waiting->finish(response ? std::move(*response) : with_status(pb::READ_STATUS_UNAVAILABLE));
  }
  if (SteadyClock::now() >= waiting->until) return waiting->finish(with_status(pb::READ_STATUS_NOT_CAUGHT_UP));
  auto& timer = waiting->timer;
  timer.expires_after(kLookAgain);
  timer.async_wait([this, waiting = std::move(waiting)](boost::system::error_code) mutable { attempt(std::move(waiting)); });
}

bool LocalReadModel::is_reached(const pb::ReadRequest& request) const {
  return pipeline_.holds(request.partition()) &&
         pipeline_.progress(request.partition()).next.load(std::memory_order_acquire) >= request.min_next_offset();
}

std::optional<pb::ReadResponse> LocalReadModel::answer(const pb::ReadRequest& request, store::Reach reach) const {
  const auto snapshot = pipeline_.store(request.partition()).snapshot(reach);
  return Queries(*snapshot, request.caller()).answer(request);
}

pb::DescribeResponse LocalReadModel::describe() {
  pb::DescribeResponse response;
  response.set_partitions(pipeline_.control().partitions);
  response.set_epoch(pipeline_.control().epoch);
  for (const auto partition : pipeline_.partitions()) {
    const auto& progress = pipeline_.progress(partition);
    auto& status = *response.add_status();
    status.set_partition(partition);
    status.set_next_offset(progress.next.load(std::memory_order_acquire));
    status.set_log_end(progress.log_end.load(std::memory_order_relaxed));
  }
  return response;
}

}  // namespace parley::projector
