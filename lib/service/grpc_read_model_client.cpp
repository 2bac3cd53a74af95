#include "service/grpc_read_model_client.hpp"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>

#include "parley/internal/v1/read_model.grpc.pb.h"
#include "runtime/shards.hpp"

namespace parley::service {
namespace {

// Held by every call under way; `over` comes true with the last of them.
struct Underway {
  std::promise<void> over;
  ~Underway() { over.set_value(); }
};

// One call and all that gRPC needs until it is answered. It ends on a thread of gRPC's, which must not be the one to drop the
// channel's last reference (gRPC would join the thread by itself): so `underway` goes last, and the channel's owner waits for
// it.
template <class Request, class Response>
struct Call {
  std::shared_ptr<Underway> underway;
  grpc::ClientContext context;
  Request request;
  Response response;
};
using ReadCall = Call<pb::ReadRequest, pb::ReadResponse>;
using DescribeCall = Call<pb::DescribeRequest, pb::DescribeResponse>;

pb::ReadResponse unavailable() {
  pb::ReadResponse response;
  response.set_status(pb::READ_STATUS_UNAVAILABLE);
  return response;
}

}  // namespace

class RemoteReadModel::Link {
 public:
  Link(Peer peer, RemoteReadModelOptions options) : peer_(std::move(peer)), options_(options), stub_(open_channel(peer_)) {
    thread_.start();
    boost::asio::post(thread_[0], [this] { refresh(); });
  }
  ~Link();

  void read(pb::ReadRequest request, Done done);
  [[nodiscard]] pb::DescribeResponse description() const { return *std::atomic_load(&described_); }
  [[nodiscard]] bool reachable() const { return reachable_; }

 private:
  template <class Request, class Response>
  std::shared_ptr<Call<Request, Response>> prepare(std::chrono::milliseconds patience);

  // --- on the thread
  void refresh();
  void refreshed(const grpc::Status& status, pb::DescribeResponse response);

  const Peer peer_;
  const RemoteReadModelOptions options_;
  pb::ReadModel::Stub stub_;
  std::shared_ptr<Underway> underway_ = std::make_shared<Underway>();
  // Through atomic_load and atomic_store: libstdc++ 12's atomic<shared_ptr> lets a load go without release.
  std::shared_ptr<const pb::DescribeResponse> described_ = std::make_shared<const pb::DescribeResponse>();
  std::atomic<bool> reachable_ = false;
  std::shared_ptr<DescribeCall> describing_;
  bool stopping_ = false;
  runtime::Shards thread_{1};  // behind all that its tasks touch
  boost::asio::steady_timer timer_{thread_[0]};
};

RemoteReadModel::Link::~Link() {
  auto over = underway_->over.get_future();
  boost::asio::post(thread_[0], [this] {
    stopping_ = true;
    if (describing_) describing_->context.TryCancel();
    underway_.reset();
  });
  over.wait();
  thread_.stop();
}

template <class Request, class Response>
std::shared_ptr<Call<Request, Response>> RemoteReadModel::Link::prepare(std::chrono::milliseconds patience) {
  auto call = std::make_shared<Call<Request, Response>>();
  call->context.set_deadline(std::chrono::system_clock::now() + patience);
  present(peer_.secret, call->context);
  call->underway = underway_;
  return call;
}

void RemoteReadModel::Link::read(pb::ReadRequest request, Done done) {
  if (static_cast<std::size_t>(underway_.use_count()) > options_.max_reads) {
    return boost::asio::post(thread_[0], [done = std::move(done), underway = underway_] { done(unavailable()); });
  }
  auto call = prepare<pb::ReadRequest, pb::ReadResponse>(std::chrono::milliseconds(request.wait_ms()) + options_.patience);
  call->request = std::move(request);
  stub_.async()->Read(&call->context, &call->request, &call->response,
                      [call, done = std::move(done)](const grpc::Status& status) {
                        done(status.ok() ? std::move(call->response) : unavailable());
                      });
}

void RemoteReadModel::Link::refresh() {
  if (stopping_) return;
  describing_ = prepare<pb::DescribeRequest, pb::DescribeResponse>(options_.refresh_patience);
  stub_.async()->Describe(&describing_->context, &describing_->request, &describing_->response,
                          [this, call = describing_](const grpc::Status& status) {
                            boost::asio::post(thread_[0],
                                              [this, call, status] { refreshed(status, std::move(call->response)); });
                          });
}

void RemoteReadModel::Link::refreshed(const grpc::Status& status, pb::DescribeResponse response) {
  describing_.reset();
  reachable_ = status.ok();
  if (status.ok()) std::atomic_store(&described_, std::make_shared<const pb::DescribeResponse>(std::move(response)));
  timer_.expires_after(options_.refresh_every);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) refresh();
  });
}

RemoteReadModel::RemoteReadModel(Peer peer, RemoteReadModelOptions options)
    : link_(std::make_unique<Link>(std::move(peer), options)) {}
RemoteReadModel::~RemoteReadModel() = default;
void RemoteReadModel::stop() { link_.reset(); }

void RemoteReadModel::read(pb::ReadRequest request, Done done) { link_->read(std::move(request), std::move(done)); }
pb::DescribeResponse RemoteReadModel::describe() { return link_->description(); }
bool RemoteReadModel::reachable() const { return link_->reachable(); }

}  // namespace parley::service
