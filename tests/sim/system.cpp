#include "tests/sim/system.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::sim {

namespace {

constexpr std::size_t kSteps = 2'500;
constexpr std::size_t kGateways = 2;
constexpr std::size_t kShards = 2;
constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

Faults::Faults(Dice& dice) {
  const auto maybe = [&](std::uint64_t most) { return dice.below(2) == 0 ? 0 : 1 + dice.below(most); };
  projector_killed = maybe(4);
  broadcaster_killed = maybe(4);
  gateway_killed = maybe(3);
  stream_cut = maybe(8);
  append = maybe(150);
  garbage = maybe(5);
}

System::System(std::uint64_t seed)
    : dice_(seed),
      faults_(dice_),
      control_{.partitions = static_cast<std::uint32_t>(1 + dice_.below(3)), .epoch = 7, .dedup_window_ms = kHourMs},
      log_(control_.partitions),
      seats_(kGateways) {
  seed_the_product(seed);
  log_.add({.partition = 0, .value = codec::encode(control_), .event = {.type = std::string(codec::kControlType)}});
  for (auto& seat : seats_) {
    seat.watch = std::make_unique<Watch>(time_, static_cast<std::int64_t>(dice_.below(4'000)) - 2'000);
    begin_gateway(seat);
  }
  begin_projector();
  begin_broadcaster();
  for (const auto* name : {"ann", "bob", "cid", "dora", "eve"}) {
    places_.users.push_back({name});
    clients_.emplace_back(places_.users.back(), places_, dice_.below(3) == 0, time_.now_ms(), now_);
  }
}

void System::run() {
  set_up();
  storm();
  EXPECT_TRUE(settle()) << "something never comes to rest";
}

// A workspace that all are in, and channels.
void System::set_up() {
  auto& ann = clients_[0];
  const auto does = [&](Client& client, Wish wish) {
    client.want(std::move(wish));
    EXPECT_TRUE(settle());
  };
  does(ann, ann.wishes().create_workspace());
  for (const auto& user : places_.users) does(ann, ann.wishes().invite(places_.workspaces[0], user));
  for (int i = 0; i < 3; ++i) does(ann, ann.wishes().create_channel(places_.workspaces[0], true));
  for (auto& client : clients_)
    for (int i = 0; i < 3; ++i)
      if (dice_.below(4) > 0) client.want(client.wishes().join(places_.channels[static_cast<std::size_t>(i)]));
  EXPECT_TRUE(settle());
}

void System::storm() {
  for (std::size_t i = 0; i < kSteps && !::testing::Test::HasFailure(); ++i) {
    ++now_;
    step();
    break_something();
    mend_something();
  }
}

void System::step() {
  const auto choice = dice_.below(100);
  auto& gateway = any_gateway();
  if (choice < 35) {
    dice_.any(clients_).act(dice_, gateway);
  } else if (choice < 53) {
    gateway.turn(dice_.below(gateway.shards()));
  } else if (choice < 66) {
    dice_.any(producers_).turn(faults_.append);
  } else if (choice < 76) {
    if (broadcasting_) broadcasting_->folding.turn(dice_);
  } else if (choice < 83) {
    if (projecting_) projecting_->folding.turn(dice_);
  } else if (choice < 87) {
    gateway.stream().carry_up();
  } else if (choice < 97) {
    gateway.stream().carry_down(1 + dice_.below(4'000));
  } else {
    let_time_pass();
  }
}

// A leap only when nobody waits: a client that sends again after the window does it twice, as it should.
void System::let_time_pass() {
  time_.advance(static_cast<std::int64_t>(dice_.below(2'000)));
  if (is_calm() && dice_.below(4) == 0) time_.advance(static_cast<std::int64_t>(dice_.below(kHourMs)));
}

bool System::is_calm() const {
  return std::ranges::all_of(clients_, &Client::is_content) && std::ranges::all_of(producers_, &Producer::idle);
}

// --- what goes wrong
void System::break_something() {
  if (projecting_ && dice_.in_a_thousand(faults_.projector_killed)) kill_projector();
  if (broadcasting_ && dice_.in_a_thousand(faults_.broadcaster_killed)) kill_broadcaster();
  if (dice_.in_a_thousand(faults_.gateway_killed)) kill_gateway(dice_.any(seats_));
  if (dice_.in_a_thousand(faults_.stream_cut)) any_gateway().stream().cut(true);
  if (dice_.in_a_thousand(faults_.garbage))
    log_.add({.partition = static_cast<std::uint32_t>(dice_.below(control_.partitions)), .value = "garbage"});
  if (projecting_ && dice_.in_a_thousand(5)) projecting_->folding.save();
  if (broadcasting_ && dice_.in_a_thousand(5)) broadcasting_->folding.save();
}

void System::mend_something() {
  if (!projecting_ && dice_.in_a_thousand(20)) begin_projector();
  if (!broadcasting_ && dice_.in_a_thousand(20)) begin_broadcaster();
  if (auto& stream = any_gateway().stream(); dice_.in_a_thousand(30)) open(stream);
}

void System::begin_gateway(Seat& seat) {
  auto& producer = producers_.emplace_back(log_, dice_);
  const auto spy = [this](const service::GatewayBatch& batch) {
    for (const auto& item : batch.items)
      if (const auto* attached = std::get_if<service::Attached>(&item))
        begins_.emplace(attached->connection, Begin{batch.partition, attached->next, now_});
  };
  seat.gateway = std::make_unique<Gateway>(producer, keys_, ingest::LogIdentity{control_.partitions, control_.epoch}, reads_,
                                           *seat.watch, kShards, spy);
}

void System::kill_gateway(Seat& seat) {
  seat.gateway->stream().cut(broadcasting_ != nullptr);
  seat.gateway.reset();
  begin_gateway(seat);
}

void System::begin_projector() {
  projecting_ = std::make_unique<Projecting>(log_, control_, keys_.table(), dir_ / "projector", dice_);
  reads_.projecting = projecting_.get();
}

void System::kill_projector() {
  reads_.projecting = nullptr;
  projecting_->folding.kill();
  projecting_.reset();
}

// As `parley broadcaster` does: with nothing folded yet, it folds before there is anyone to tell.
void System::begin_broadcaster() {
  broadcasting_ = std::make_unique<Broadcasting>(log_, control_, keys_.table(), dir_ / "broadcaster", dice_);
  while (broadcasting_->folding.is_new() && !broadcasting_->folding.is_level()) broadcasting_->folding.turn(dice_);
}

void System::kill_broadcaster() {
  for (auto& seat : seats_) seat.gateway->stream().cut(false);
  broadcasting_->folding.kill();
  broadcasting_.reset();
}

void System::open(Stream& stream) {
  if (broadcasting_ && !stream.is_up()) stream.open(*broadcasting_);
}

// --- all is mended
// Turns everything until nothing moves, and clients send again what was lost.
bool System::settle() {
  if (!projecting_) begin_projector();
  if (!broadcasting_) begin_broadcaster();
  constexpr int kQuiet = 30;  // rounds, since a worker may be turned that has nothing to do
  for (int insisted = 0; insisted < 20; ++insisted) {
    int quiet = 0;
    for (int round = 0; round < 20'000 && quiet < kQuiet; ++round) quiet = quiet_round() ? quiet + 1 : 0;
    if (quiet < kQuiet) return false;
    if (std::ranges::all_of(clients_, &Client::is_content)) return true;
    for (auto& client : clients_) client.insist();
  }
  return false;
}

bool System::quiet_round() {
  bool moved = false;
  for (auto& seat : seats_) {
    open(seat.gateway->stream());
    ++now_;
    for (int i = 0; i < 50 && seat.gateway->stream().carry_up(); ++i) moved = true;
    for (int i = 0; i < 50 && seat.gateway->stream().carry_down(64 << 10); ++i) moved = true;
    ++now_;
    moved = seat.gateway->turn_all() || moved;
  }
  for (auto& producer : producers_) moved = producer.turn(0) || moved;
  moved = broadcasting_->folding.turn(dice_) || moved;
  moved = projecting_->folding.turn(dice_) || moved;
  for (auto& client : clients_) moved = client.tidy_up(any_gateway()) || moved;
  return !moved && broadcasting_->folding.is_level() && projecting_->folding.is_level();
}

std::vector<std::uint64_t> System::begins(const Session& session, std::uint32_t partition) const {
  std::vector<std::uint64_t> begins;
  const auto [first, last] = begins_.equal_range(session.connection);
  for (auto it = first; it != last; ++it)
    if (it->second.partition == partition && it->second.told_at <= session.wire->hello_at) begins.push_back(it->second.next);
  return begins;
}

}  // namespace parley::sim
