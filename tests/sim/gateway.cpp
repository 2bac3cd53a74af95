#include "tests/sim/gateway.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "tests/sim/wish.hpp"

namespace parley::sim {

namespace asio = boost::asio;

namespace {

// Real time stands still in a run: only clients are impatient.
ingest::IngestOptions options(const Gateway::Habits& habits) {
  ingest::IngestOptions patient;
  patient.recent_bytes = habits.recent_bytes;
  patient.session.max_resume_gap = habits.max_resume_gap;
  patient.erasures_look = std::chrono::hours(1);
  patient.session.attach_timeout = std::chrono::hours(1);
  patient.session.resume_patience = std::chrono::hours(1);
  patient.outcome_timeout = std::chrono::hours(1);
  patient.auth = Gateway::tokens();
  return patient;
}

asio::awaitable<void> come(api::Door& door, net::HttpRequest request, std::unique_ptr<net::WebSocket> socket) {
  auto taken = co_await door.upgrade(request);
  EXPECT_TRUE(taken) << taken.error().body;
  if (taken) co_await taken->session(std::move(socket));
}

}  // namespace

const auth::VerifierOptions& Gateway::tokens() {
  static const auth::VerifierOptions kTokens{.secret = "the secret of the simulation"};
  return kTokens;
}

Gateway::Gateway(Producer& producer, Keyring& keys, ingest::LogIdentity identity, service::ReadModel& reads,
                 const runtime::Clock& clock, std::size_t shards, const Habits& habits, Stream::Spy spy)
    : producer_(producer),
      keys_(keys),
      stream_(std::move(spy)),
      shards_(shards),
      ingest_(shards_, producer, keys, identity, stream_, reads, clock, metrics_, options(habits)) {
  for (std::size_t shard = 0; shard < shards; ++shard) {
    doors_.push_back(
        std::make_unique<api::Door>(api::DoorOptions{.operators = {kOperator}}, verifier_, clock, metrics_, open_));
    ingest_.serve(shard, *doors_.back());
  }
  ingest_.connect();
}

Gateway::~Gateway() {
  producer_.forget();
  keys_.forget();
}

bool Gateway::turn_all() {
  bool turned = false;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) turned = turn(shard) || turned;
  return turned;
}

void Gateway::connect(const std::string& token, std::size_t shard, const std::shared_ptr<Wire>& wire, bool resumes) {
  net::HttpRequest request{
      .method = "GET", .target = resumes ? "/v1/ws?resume=1" : "/v1/ws", .headers = {{"Authorization", "Bearer " + token}}};
  asio::co_spawn(shards_[shard], come(*doors_[shard], std::move(request), std::make_unique<WireSocket>(wire)), asio::detached);
}

void Gateway::request(net::HttpRequest request, std::size_t shard, Answered answered) {
  asio::co_spawn(shards_[shard], doors_[shard]->handle(std::move(request)),
                 [answered = std::move(answered)](const std::exception_ptr& thrown, const net::HttpResponse& response) {
                   ASSERT_FALSE(thrown);
                   answered(response);
                 });
}

}  // namespace parley::sim
