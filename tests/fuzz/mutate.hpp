// Changed copies of inputs: the same seed gives the same copies, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::fuzz {

class Mutator {
 public:
  // REQUIRES: at least one input.
  explicit Mutator(std::vector<std::string> inputs) : inputs_(std::move(inputs)) {}

  std::string next();

 private:
  void change(std::string& text);
  std::uint64_t below(std::uint64_t end);
  const std::string& any_input() { return inputs_[below(inputs_.size())]; }

  std::vector<std::string> inputs_;
  std::uint64_t state_ = 1;
};

}  // namespace parley::fuzz
