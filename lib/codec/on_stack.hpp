// A Protobuf message that is made and dropped again in one go: it and all in it come from one block on the stack, save for
// texts of more than 15 bytes. A message of its own would be a dozen allocations for each command.
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>

namespace parley::codec {

template <class Proto>
class OnStack {
 public:
  OnStack() = default;
  OnStack(const OnStack&) = delete;
  OnStack& operator=(const OnStack&) = delete;

  Proto& operator*() { return *message_; }
  Proto* operator->() { return message_; }

 private:
  static constexpr std::size_t kBytes = 2048;  // what is larger goes on in the heap
  alignas(std::max_align_t) char block_[kBytes];
  google::protobuf::Arena arena_{block_, kBytes};
  Proto* message_ = google::protobuf::Arena::CreateMessage<Proto>(&arena_);
};

}  // namespace parley::codec
