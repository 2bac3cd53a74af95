// The two processes that fold: the projector with its read models, and the broadcaster.
#pragma once

#include "broadcaster/broadcaster.hpp"
#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "service/read_model.hpp"
#include "tests/sim/folding.hpp"

namespace parley::sim {

class Projecting final {
 public:
  Projecting(eventlog::EventLog& log, const codec::Control& control, const keys::KeyTable& keys,
             const std::filesystem::path& dir, Dice& dice)
      : folding(log, control, keys, dir, dice, &tables_, nullptr) {}

  // Answers from what is stored now.
  std::optional<service::pb::ReadResponse> read(const service::pb::ReadRequest& request) {
    const auto snapshot = folding.pipeline().store(request.partition()).snapshot();
    return projector::Queries(*snapshot, request.caller()).answer(request);
  }
  bool has_reached(const service::pb::ReadRequest& request) {
    return folding.pipeline().progress(request.partition()).next >= request.min_next_offset();
  }

 private:
  projector::ReadTables tables_;

 public:
  Folding folding;
};

// The read models as ingest sees them: there, not so far yet, or away.
class Reads final : public service::ReadModel {
 public:
  void read(service::pb::ReadRequest request, Done done) override {
    service::pb::ReadResponse response;
    response.set_status(service::pb::READ_STATUS_UNAVAILABLE);
    if (projecting != nullptr) {
      response.set_status(service::pb::READ_STATUS_NOT_CAUGHT_UP);
      if (projecting->has_reached(request))
        if (auto found = projecting->read(request)) response = std::move(*found);
    }
    done(std::move(response));
  }
  service::pb::DescribeResponse describe() override { return {}; }

  Projecting* projecting = nullptr;
};

class Broadcasting final {
 public:
  Broadcasting(eventlog::EventLog& log, const codec::Control& control, const keys::KeyTable& keys,
               const std::filesystem::path& dir, Dice& dice)
      : broadcaster(control.partitions, metrics_), folding(log, control, keys, dir, dice, nullptr, &broadcaster) {
    broadcaster.run_on(folding.pipeline());
  }

 private:
  runtime::Metrics metrics_;

 public:
  broadcaster::Broadcaster broadcaster;
  std::vector<std::shared_ptr<service::Gateway>> ends;  // of streams, which it may speak to as long as it lives
  Folding folding;
};

}  // namespace parley::sim
