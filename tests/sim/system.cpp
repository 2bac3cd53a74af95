#include "tests/sim/system.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace parley::sim {

namespace {

constexpr std::size_t kSteps = 3'000;
constexpr std::size_t kGateways = 2;
constexpr std::size_t kShards = 2;
constexpr int kPatienceWithErasures = 4;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::array<std::size_t, 3> kRecentBytes = {0, 6'000, 4 << 20};
constexpr std::array<std::uint64_t, 3> kMaxGaps = {20, 10'000, 10'000};

}  // namespace

Faults::Faults(Dice& dice) {
  const auto maybe = [&](std::uint64_t most) { return dice.below(2) == 0 ? 0 : 1 + dice.below(most); };
  projector_killed = maybe(4);
  broadcaster_killed = maybe(4);
  gateway_killed = maybe(3);
  stream_cut = maybe(8);
  append = maybe(150);
  keys = maybe(300);
  garbage = maybe(5);
}

System::System(std::uint64_t seed)
    : dice_(seed),
      faults_(dice_),
      control_{.partitions = static_cast<std::uint32_t>(1 + dice_.below(3)), .epoch = 7, .dedup_window_ms = kHourMs},
      log_(control_.partitions),
      seats_(kGateways) {
  seed_the_product(seed);
  habits_.recent_bytes = dice_.any(kRecentBytes);
  habits_.max_resume_gap = dice_.any(kMaxGaps);
  if (dice_.below(3) > 0) places_.erasing = 1 + dice_.below(60);
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
  for (auto& client : clients_) client.fall_asleep();
  EXPECT_TRUE(settle()) << "not all come back";
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
  does(ann, ann.wishes().create_group(places_.users));
  does(ann, ann.wishes().open_direct(places_.users[1]));
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
  auto& seat = dice_.any(seats_);
  auto& gateway = *seat.gateway;
  if (choice < 35) {
    dice_.any(clients_).act(dice_, gateway);
  } else if (choice < 53) {
    turn(seat);
  } else if (choice < 66) {
    turn_a_producer();
  } else if (choice < 75) {
    if (broadcasting_) fold(broadcasting_->folding, *broadcaster_keys_);
  } else if (choice < 84) {
    if (projecting_) fold(projecting_->folding, *projector_keys_);
  } else if (choice < 88) {
    for (auto messages = 1 + dice_.below(3); messages > 0; --messages) gateway.stream().carry_up();
  } else if (choice < 97) {
    for (auto frames = 1 + dice_.below(3); frames > 0; --frames) gateway.stream().carry_down(1 + dice_.below(4'000));
  } else {
    let_time_pass();
  }
}

void System::turn(Seat& seat) {
  if (dice_.below(3) == 0) seat.keys->turn(dice_, faults_.keys);
  dice_.below(2) == 0 ? seat.gateway->turn_all() : seat.gateway->turn(dice_.below(seat.gateway->shards()));
}

// One that has something to do: those of gateways that ended do in the end nothing.
void System::turn_a_producer() {
  std::vector<Producer*> busy;
  for (auto& producer : producers_)
    if (!producer.idle()) busy.push_back(&producer);
  if (!busy.empty()) dice_.any(busy)->turn(faults_.append);
}

// Whether it knows of the newest erasures is the dice's.
bool System::fold(Folding& folding, Keyring& keys) {
  dice_.below(3) == 0 ? keys.read_all() : keys.read_keys();
  return folding.turn(dice_);
}

// A leap only when nobody waits: a client that sends again after the window does it twice, as it should.
void System::let_time_pass() {
  time_.advance(static_cast<std::int64_t>(dice_.below(2'000)));
  if (is_calm() && dice_.below(4) == 0) time_.advance(static_cast<std::int64_t>(dice_.below(kHourMs)));
}

bool System::is_calm() const {
  return std::ranges::all_of(clients_, &Client::is_content) && std::ranges::all_of(producers_, &Producer::idle);
}

bool System::is_erasing() const {
  const auto erases = [](const Client& client) {
    return std::ranges::any_of(client.wanted(), [](const Wish& wish) { return wish.erases && wish.sent && wish.open(); });
  };
  return std::ranges::any_of(seats_, [](const Seat& seat) { return !seat.keys->table().erasing().empty(); }) ||
         std::ranges::any_of(clients_, erases);
}

// --- what goes wrong
// More while somebody is being erased: that is over soon.
void System::break_something() {
  const bool erasing = is_erasing();
  const auto strikes = [&](std::uint64_t fault) { return dice_.in_a_thousand(erasing ? 2 * fault : fault); };
  if (projecting_ && strikes(faults_.projector_killed)) {
    kill_projector();
    ended_in_erasure_.projector += erasing ? 1 : 0;
  }
  if (broadcasting_ && strikes(faults_.broadcaster_killed)) {
    kill_broadcaster();
    ended_in_erasure_.broadcaster += erasing ? 1 : 0;
  }
  if (strikes(faults_.gateway_killed)) {
    kill_gateway(dice_.any(seats_));
    ended_in_erasure_.gateway += erasing ? 1 : 0;
  }
  if (dice_.in_a_thousand(faults_.stream_cut)) any_gateway().stream().cut(true);
  if (dice_.in_a_thousand(faults_.garbage))
    log_.add({.partition = static_cast<std::uint32_t>(dice_.below(control_.partitions)), .value = "garbage"});
  if (projecting_ && dice_.in_a_thousand(5)) projecting_->folding.save();
  if (broadcasting_ && dice_.in_a_thousand(5)) broadcasting_->folding.save();
}

void System::mend_something() {
  if (dice_.in_a_thousand(10)) any_gateway().look_for_erasures();
  if (!projecting_ && dice_.in_a_thousand(40)) begin_projector();
  if (!broadcasting_ && dice_.in_a_thousand(40)) begin_broadcaster();
  if (auto& stream = any_gateway().stream(); dice_.in_a_thousand(60)) open(stream);
}

void System::begin_gateway(Seat& seat) {
  auto& producer = producers_.emplace_back(log_, dice_);
  const auto spy = [this](const service::GatewayBatch& batch) {
    for (const auto& item : batch.items)
      if (const auto* attached = std::get_if<service::Attached>(&item))
        begins_.emplace(attached->connection, Begin{batch.partition, attached->next, now_});
  };
  auto keys = new_keyring();
  seat.gateway = std::make_unique<Gateway>(producer, *keys, ingest::LogIdentity{control_.partitions, control_.epoch}, reads_,
                                           *seat.watch, kShards, habits_, spy);
  seat.keys = std::move(keys);
}

std::unique_ptr<Keyring> System::new_keyring() {
  auto keys = std::make_unique<Keyring>(key_log_);
  keys->read_all();
  return keys;
}

void System::kill_gateway(Seat& seat) {
  seat.gateway->stream().cut(broadcasting_ != nullptr);
  seat.gateway.reset();
  begin_gateway(seat);
}

void System::begin_projector() {
  projector_keys_ = new_keyring();
  projecting_ = std::make_unique<Projecting>(log_, control_, projector_keys_->table(), dir_ / "projector", dice_);
  reads_.projecting = projecting_.get();
}

void System::kill_projector() {
  reads_.projecting = nullptr;
  projecting_->folding.kill();
  projecting_.reset();
}

// As `parley broadcaster` does: with nothing folded yet, it folds before there is anyone to tell.
void System::begin_broadcaster() {
  broadcaster_keys_ = new_keyring();
  broadcasting_ = std::make_unique<Broadcasting>(log_, control_, broadcaster_keys_->table(), dir_ / "broadcaster", dice_);
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
    const bool erasing = is_erasing();
    if (!erasing && std::ranges::all_of(clients_, &Client::is_content)) return true;
    for (auto& client : clients_) client.insist();
    if (erasing) finish_erasures(insisted);
  }
  return false;
}

// Who began one may wait for an outcome that never comes; in a run that has no end, for time stands still. So it is ended, as
// any is whose patience is over.
void System::finish_erasures(int insisted) {
  if (insisted == kPatienceWithErasures) {
    kill_gateway(seats_.front());
    faults_.gateway_killed = std::max<std::uint64_t>(faults_.gateway_killed, 1);
  }
  seats_.front().gateway->look_for_erasures();
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
    moved = seat.keys->turn(dice_, 0) || moved;
  }
  for (auto& producer : producers_) moved = producer.turn(0) || moved;
  broadcaster_keys_->read_all();
  projector_keys_->read_all();
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
