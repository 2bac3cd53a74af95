// A pipeline in a directory of its own whose threads are the simulation's turns, and which can be killed: what was not saved
// to the disk by then is lost with it.
//
// Concurrency: one thread. Ownership: the log, the projection and the publisher outlive it.
#pragma once

#include <filesystem>
#include <optional>

#include "fold/pipeline.hpp"
#include "tests/sim/dice.hpp"

namespace parley::sim {

class Folding {
 public:
  // Goes on from what an earlier life left in `dir`. How many threads, and how much they fold at once, is the dice's.
  Folding(eventlog::EventLog& log, const codec::Control& control, const keys::KeyTable& keys, std::filesystem::path dir,
          Dice& dice, fold::Projection* projection, fold::Publisher* publisher);

  // One of the workers does one turn. False: nothing new was folded.
  bool turn(Dice& dice);
  // All that is in the log is folded.
  [[nodiscard]] bool is_level() const;
  [[nodiscard]] bool is_new() const;
  [[nodiscard]] fold::Pipeline& pipeline() { return *pipeline_; }
  // What is folded by now survives kill().
  void save();
  // The last it does.
  void kill();

 private:
  [[nodiscard]] std::uint64_t folded() const;
  [[nodiscard]] std::filesystem::path saved(std::uint32_t partition) const;

  eventlog::EventLog& log_;
  std::filesystem::path dir_;
  std::unique_ptr<fold::Pipeline> pipeline_;
};

}  // namespace parley::sim
