// Records of the log, whoever wrote them. Whatever is a command is the same after another round, and has what its headers need.
#include <google/protobuf/stubs/logging.h>

#include "codec/command_codec.hpp"
#include "codec/control.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::fuzz {
namespace {

// Every string that is not UTF-8 would be a line on standard error.
[[maybe_unused]] const auto kNoLog = google::protobuf::SetLogHandler(nullptr);

}  // namespace

std::vector<std::string> seeds() {
  codec::Generator any(1);
  std::vector<std::string> seeds = {codec::encode(codec::Control{.partitions = 8, .epoch = 7})};
  for (std::size_t i = 0; i < 3 * std::variant_size_v<core::Payload>; ++i)
    seeds.push_back(codec::encode(any.command(i % std::variant_size_v<core::Payload>)));
  return seeds;
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto bytes = fuzz::view(data, size);
  if (const auto control = codec::decode_control(bytes))
    must_hold(codec::decode_control(codec::encode(*control)) == *control, "a control record is the same after another round");
  const auto command = codec::decode_command(bytes);
  if (!command) {
    must_hold(!codec::text(command.error()).empty(), "an error has its sentence");
    return 0;
  }
  const auto again = codec::decode_command(codec::encode(*command));
  must_hold(again.has_value() && *again == *command, "a command is the same after another round");
  must_hold(codec::event_attributes(*command).time.size() == 24, "its time has a text");
  auto hashed = *command;
  codec::set_payload_hash(hashed);
  return 0;
}
