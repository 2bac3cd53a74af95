// What the tests of the hub share: one shard of it, two partitions whose broadcaster they are, and the peers at its sockets.
#pragma once

#include <gmock/gmock.h>

#include "codec/close_code.hpp"
#include "ingest/shard_hub.hpp"
#include "ingest/writer.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/ingest/changes.hpp"
#include "tests/unit/ingest/fake_socket.hpp"
#include "tests/unit/service/recording_broadcast.hpp"

namespace parley::ingest {

inline constexpr auto kRestarting = static_cast<std::uint16_t>(codec::CloseCode::Restarting);

// A connection of a user, and its end of the socket.
struct Peer {
  FakeSocket socket;
  Connection connection;
  int attached = 0;
};

class ShardHubTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kShard = 1;
  static constexpr service::GatewayId kGateway = 5;
  using Versions = std::vector<service::Membership>;

  Peer& enter(std::string user, bool resumes = false) {
    auto& peer = *peers_.emplace_back(std::make_unique<Peer>());
    peer.connection.id = peers_.size();
    peer.connection.user = {std::move(user)};
    peer.connection.socket = &peer.socket;
    peer.connection.holds = resumes;
    peer.connection.on_attached = [&peer] { ++peer.attached; };
    hub_.enter(peer.connection);
    return peer;
  }
  // A partition's answer to its attach, given before the record `next`; without one, before the next push().
  void answer(const Peer& peer, std::uint32_t partition, Versions channels, std::optional<std::uint64_t> next = {},
              Place told = {}) {
    apply(partition, {service::Attached{peer.connection.id, kShard, std::move(channels), next.value_or(offset_), told}});
  }
  void answer_all(const Peer& peer, Versions in_the_first, Versions in_the_second = {}) {
    answer(peer, 0, std::move(in_the_first));
    answer(peer, 1, std::move(in_the_second));
  }
  // A peer that has said hello, and is in these channels.
  Peer& attached(std::string user, Versions in_the_first = {}, Versions in_the_second = {}) {
    auto& peer = enter(std::move(user));
    answer_all(peer, std::move(in_the_first), std::move(in_the_second));
    return peer;
  }
  void push(core::Change what) { push_at(offset_, std::move(what)); }
  void push_at(std::uint64_t offset, core::Change what) {
    const auto partition = core::partition_of(what.subject.slot(), 2);
    apply(partition, {encoded({offset}, std::move(what))});
    offset_ = std::max(offset_, offset + 1);
  }
  // The broadcaster has forgotten everyone, and goes on from this record.
  void begin_again(std::uint64_t offset) {
    hub_.reattach();
    offset_ = offset;
  }
  void apply(std::uint32_t partition, decltype(EncodedBatch::items) items) { hub_.apply({partition, std::move(items)}); }
  static std::vector<std::string> take(Peer& peer) { return std::exchange(peer.socket.sent, {}); }

  runtime::Metrics metrics_;
  const runtime::ManualClock clock_{1'767'225'600'000};
  service::RecordingBroadcast broadcast_;
  boost::asio::io_context context_;
  testing::ManualLog log_{2};
  WriterMetrics writer_metrics_{metrics_};
  Writer writer_{context_,       kShard, kGateway, log_, {.partitions = 2, .epoch = 7}, clock_, std::chrono::seconds(8),
                 writer_metrics_};
  HubMetrics hub_metrics_{metrics_};
  ShardHub hub_{kShard, 2, kGateway, broadcast_, writer_, clock_, hub_metrics_};
  std::uint64_t offset_ = 10;

 private:
  std::vector<std::unique_ptr<Peer>> peers_;
};

}  // namespace parley::ingest
