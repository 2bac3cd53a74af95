// Everything at once, in one thread: clients, gateways, the log, projector and broadcaster, of which the dice say who takes
// the next step and what breaks.
//
// Operation: run() sets up a workspace, lets a storm go over it, mends everything and waits until all is quiet.
#pragma once

#include "tests/sim/client.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::sim {

// How often each thing goes wrong, in a thousand steps. A run has some of them.
struct Faults {
  explicit Faults(Dice& dice);
  std::uint64_t projector_killed, broadcaster_killed, gateway_killed, stream_cut, append, keys, garbage;
  // No event of a channel is missed by who holds on.
  [[nodiscard]] bool keep_streams_whole() const { return broadcaster_killed == 0 && stream_cut == 0; }
};

// How often each was ended while somebody was being erased.
struct EndedInErasure {
  std::size_t projector = 0, broadcaster = 0, gateway = 0;
};

class System {
 public:
  explicit System(std::uint64_t seed);

  void run();

  // --- what there is at the end
  [[nodiscard]] const codec::Control& control() const { return control_; }
  [[nodiscard]] const Faults& faults() const { return faults_; }
  [[nodiscard]] const testing::ManualLog& log() const { return log_; }
  [[nodiscard]] const Gateway::Habits& habits() const { return habits_; }
  [[nodiscard]] const KeyLog& keys() const { return key_log_; }
  // As it is known to all in the end.
  [[nodiscard]] const keys::KeyTable& key_table() const { return projector_keys_->table(); }
  [[nodiscard]] const EndedInErasure& ended_in_erasure() const { return ended_in_erasure_; }
  [[nodiscard]] const std::deque<Client>& clients() const { return clients_; }
  [[nodiscard]] Projecting& projecting() { return *projecting_; }
  [[nodiscard]] Broadcasting& broadcasting() { return *broadcasting_; }
  // The first record that a connection may hear of in a partition: what the broadcaster answered until hello, one of them.
  [[nodiscard]] std::vector<std::uint64_t> begins(const Session& session, std::uint32_t partition) const;

 private:
  // A process's clock, which is wrong by a little.
  struct Watch final : runtime::Clock {
    Watch(const runtime::Clock& true_time, std::int64_t wrong_by) : time(true_time), wrong_by_ms(wrong_by) {}
    [[nodiscard]] std::int64_t now_ms() const override { return time.now_ms() + wrong_by_ms; }
    const runtime::Clock& time;
    std::int64_t wrong_by_ms;
  };
  struct Seat {
    std::unique_ptr<Watch> watch;
    std::unique_ptr<Keyring> keys;
    std::unique_ptr<Gateway> gateway;
  };

  void set_up();
  void storm();
  void step();
  void break_something();
  void mend_something();
  bool settle();
  bool quiet_round();
  void finish_erasures(int insisted);
  void let_time_pass();
  [[nodiscard]] bool is_calm() const;
  [[nodiscard]] bool is_erasing() const;
  void turn(Seat& seat);
  void turn_a_producer();
  bool fold(Folding& folding, Keyring& keys);
  std::unique_ptr<Keyring> new_keyring();

  Gateway& any_gateway() { return *dice_.any(seats_).gateway; }
  void begin_gateway(Seat& seat);
  void kill_gateway(Seat& seat);
  void begin_projector();
  void kill_projector();
  void begin_broadcaster();
  void kill_broadcaster();
  void open(Stream& stream);

  Dice dice_;
  Faults faults_;
  codec::Control control_;
  testing::TempDir dir_{testing::memory_directory()};
  runtime::ManualClock time_{1'767'225'600'000};
  testing::ManualLog log_;
  KeyLog key_log_;
  Gateway::Habits habits_;
  EndedInErasure ended_in_erasure_;
  std::uint64_t now_ = 0;  // counts steps
  struct Begin {
    std::uint32_t partition;
    std::uint64_t next;
    std::uint64_t told_at;
  };
  std::multimap<std::uint64_t, Begin> begins_;  // by connection
  Reads reads_;
  std::unique_ptr<Keyring> projector_keys_;
  std::unique_ptr<Keyring> broadcaster_keys_;
  std::unique_ptr<Projecting> projecting_;
  std::unique_ptr<Broadcasting> broadcasting_;
  std::deque<Producer> producers_;
  Places places_;
  std::deque<Client> clients_;
  std::vector<Seat> seats_;
};

}  // namespace parley::sim
