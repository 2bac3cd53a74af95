#include "service/grpc_read_model_server.hpp"

#include <grpcpp/grpcpp.h>

#include <atomic>

#include "parley/internal/v1/read_model.grpc.pb.h"

namespace parley::service {

class ReadModelService::Handlers final : public pb::ReadModel::CallbackService {
 public:
  Handlers(ReadModel& model, ReadModelServiceOptions options) : model_(model), options_(options) {}

  void admit(const SharedSecret& secret) { secret_ = secret; }

  grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext* context, const pb::ReadRequest* request,
                                 pb::ReadResponse* response) override {
    if (!authentic(*context, secret_)) return refuse(*context);
    auto* reactor = context->DefaultReactor();
    if (reads_.fetch_add(1) >= options_.max_reads) {
      --reads_;
      reactor->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many reads at once"});
      return reactor;
    }
    model_.read(*request, [this, reactor, response](pb::ReadResponse answer) {
      *response = std::move(answer);
      --reads_;
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context, const pb::DescribeRequest*,
                                     pb::DescribeResponse* response) override {
    if (!authentic(*context, secret_)) return refuse(*context);
    *response = model_.describe();
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  static grpc::ServerUnaryReactor* refuse(grpc::CallbackServerContext& context) {
    auto* reactor = context.DefaultReactor();
    reactor->Finish({grpc::StatusCode::UNAUTHENTICATED, "not the internal secret"});
    return reactor;
  }

  ReadModel& model_;
  const ReadModelServiceOptions options_;
  SharedSecret secret_;
  std::atomic<std::size_t> reads_ = 0;
};

ReadModelService::ReadModelService(ReadModel& model, ReadModelServiceOptions options)
    : handlers_(std::make_unique<Handlers>(model, options)) {}
ReadModelService::~ReadModelService() = default;

grpc::Service& ReadModelService::handlers() { return *handlers_; }
void ReadModelService::admit(const SharedSecret& secret) { handlers_->admit(secret); }

}  // namespace parley::service
