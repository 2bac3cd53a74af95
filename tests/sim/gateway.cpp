#include "tests/sim/gateway.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace parley::sim {

namespace asio = boost::asio;

namespace {

// Real time stands still in a run: only clients are impatient.
ingest::IngestOptions options() {
  ingest::IngestOptions patient;
  patient.session.attach_timeout = std::chrono::hours(1);
  patient.outcome_timeout = std::chrono::hours(1);
  patient.auth = Gateway::tokens();
  return patient;
}

}  // namespace

const auth::VerifierOptions& Gateway::tokens() {
  static const auth::VerifierOptions kTokens{.secret = "the secret of the simulation"};
  return kTokens;
}

Gateway::Gateway(Producer& producer, keys::KeyStore& keys, ingest::LogIdentity identity, service::ReadModel& reads,
                 const runtime::Clock& clock, std::size_t shards, Stream::Spy spy)
    : producer_(producer),
      stream_(std::move(spy)),
      shards_(shards),
      ingest_(shards_, producer, keys, identity, stream_, reads, clock, metrics_, options()) {
  for (std::size_t shard = 0; shard < shards; ++shard) {
    doors_.push_back(std::make_unique<api::Door>(api::DoorOptions{}, verifier_, clock, metrics_, open_));
    ingest_.serve(shard, *doors_.back());
  }
  ingest_.connect();
}

Gateway::~Gateway() { producer_.forget(); }

bool Gateway::turn_all() {
  bool turned = false;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) turned = turn(shard) || turned;
  return turned;
}

void Gateway::connect(const std::string& token, std::size_t shard, const std::shared_ptr<Wire>& wire) {
  auto upgrade =
      doors_[shard]->upgrade({.method = "GET", .target = "/v1/ws", .headers = {{"Authorization", "Bearer " + token}}});
  ASSERT_TRUE(upgrade) << upgrade.error().body;
  asio::co_spawn(shards_[shard], upgrade->session(std::make_unique<WireSocket>(wire)), asio::detached);
}

void Gateway::request(net::HttpRequest request, std::size_t shard, Answered answered) {
  asio::co_spawn(shards_[shard], doors_[shard]->handle(std::move(request)),
                 [answered = std::move(answered)](const std::exception_ptr& thrown, const net::HttpResponse& response) {
                   ASSERT_FALSE(thrown);
                   answered(response);
                 });
}

}  // namespace parley::sim
