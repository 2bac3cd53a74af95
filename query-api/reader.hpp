// Asks the read model for one HTTP call: partitions, positions and what a refusal looks like.
//
// Concurrency: one call, on its shard. Ownership: the model must outlive it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <vector>

#include "api/door.hpp"
#include "codec/client_query.hpp"
#include "service/history.hpp"
#include "service/read_model.hpp"

namespace parley::query_api {

namespace pb = service::pb;

struct ReadOptions {
  std::chrono::milliseconds position_wait{2000};  // for Parley-Min-Position; beyond: not_caught_up
};

using service::LogShape;

class Reader {
 public:
  template <class T>
  using Answered = std::expected<T, net::HttpResponse>;

  // Checks Parley-Min-Position; an error is the response.
  static Answered<Reader> make(service::ReadModel& model, LogShape shape, const ReadOptions& options, const api::Call& call);

  // One partition's answer, when it is OK. The position of what was read is remembered for the response.
  boost::asio::awaitable<Answered<pb::ReadResponse>> read(core::Slot slot, pb::ReadRequest request);
  // Every partition's.
  boost::asio::awaitable<Answered<std::vector<pb::ReadResponse>>> read_everywhere(pb::ReadRequest request);
  // Of each partition what is asked of it. REQUIRES: as many as there are partitions.
  boost::asio::awaitable<Answered<std::vector<pb::ReadResponse>>> read_each(std::vector<pb::ReadRequest> requests);
  [[nodiscard]] std::uint32_t partitions() const { return shape_.partitions; }

  // 200 with this body and where it was read.
  [[nodiscard]] net::HttpResponse ok(std::string body) const;
  [[nodiscard]] net::HttpResponse not_found() const;
  [[nodiscard]] net::HttpResponse damaged() const;
  [[nodiscard]] const LogShape& log() const { return shape_; }
  // The position behind the record before `next`.
  [[nodiscard]] std::string position_of(core::Slot slot, std::uint64_t next) const {
    return codec::Position{shape_.epoch, core::partition_of(slot, shape_.partitions), next}.text();
  }

 private:
  Reader(service::ReadModel& model, LogShape shape, const ReadOptions& options, std::string caller, std::string trace_id)
      : model_(model), shape_(shape), options_(options), caller_(std::move(caller)), trace_id_(std::move(trace_id)) {}
  void prepare(std::uint32_t partition, pb::ReadRequest& request) const;
  Answered<void> accept(std::uint32_t partition, const pb::ReadResponse& response);

  service::ReadModel& model_;
  LogShape shape_;
  ReadOptions options_;
  std::string caller_;
  std::string trace_id_;
  std::vector<codec::Position> wanted_;
  std::string position_;  // of what was read
};

}  // namespace parley::query_api
