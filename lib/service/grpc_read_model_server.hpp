// Serves parley.internal.v1.ReadModel for a ReadModel of this process.
//
// Concurrency: any thread. Ownership: `model` outlives it; it outlives its GrpcServer. Limits: max_reads under way at once;
// one more is refused, which its caller takes for an unavailable model. Answers of up to 32 MiB.
#pragma once

#include <cstddef>
#include <memory>

#include "service/grpc_server.hpp"
#include "service/read_model.hpp"

namespace parley::service {

struct ReadModelServiceOptions {
  std::size_t max_reads = 4096;
};

class ReadModelService final : public GrpcService {
 public:
  explicit ReadModelService(ReadModel& model, ReadModelServiceOptions options = {});
  ~ReadModelService() override;

  grpc::Service& handlers() override;
  void admit(const SharedSecret& secret) override;

 private:
  class Handlers;
  std::unique_ptr<Handlers> handlers_;
};

}  // namespace parley::service
