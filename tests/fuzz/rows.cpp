// Rows of a store. The hand-written reader of messages says what generated code says, and whatever is read can be shown.
#include "codec/rows.hpp"

#include <google/protobuf/stubs/logging.h>

#include "codec/client_json.hpp"
#include "codec/row_proto.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::fuzz {
namespace {

using namespace codec;

// Every string that is not UTF-8 would be a line on standard error.
[[maybe_unused]] const auto kNoLog = google::protobuf::SetLogHandler(nullptr);
const core::ChannelId kChannel;

void see_message(std::string_view row) {
  const auto message = decode_message(kChannel, {1}, row);
  parley::store::v1::Message generated;
  const bool parsed = generated.ParseFromArray(row.data(), static_cast<int>(row.size()));
  must_hold(!message || parsed, "what is read as a message generated code reads too");
  if (!message) return;
  must_hold(from_proto(kChannel, {1}, generated) == message, "and finds the same in it");
  std::string again;
  encode_message(*message, again);
  must_hold(decode_message(kChannel, {1}, again) == message, "it is the same after another round");
  std::string json;
  append_message(json, *message);
}

void see_others(std::string_view row) {
  if (const auto head = decode_channel(kChannel, row)) {
    must_hold(decode_channel(kChannel, encode_channel(*head)) == head, "a channel is the same after another round");
    std::string json;
    append_channel(json, *head);
  }
  if (const auto outcome = decode_outcome(row)) {
    const auto again = decode_outcome(encode_outcome(*outcome));
    must_hold(again && again->outcome == outcome->outcome, "an outcome is the same after another round");
    std::string json;
    append_command_status(json, *outcome, "p1-0-0-1");
  }
  if (const auto key = decode_key(row))
    must_hold(decode_key(encode_key(*key)).has_value(), "a key is there after another round");
  if (const auto ban = decode_ban(row)) must_hold(decode_ban(encode_ban(*ban)) == ban, "a ban is the same after another round");
  if (const auto revision = decode_revision(3, row))
    must_hold(decode_revision(3, encode_revision(*revision)) == revision, "a revision is the same after another round");
  if (const auto erased = decode_erased(row))
    must_hold(decode_erased(encode_erased(*erased)) == erased, "an erasure is the same after another round");
  static_cast<void>(decode_touched(row));
  static_cast<void>(decode_applied(row));
  static_cast<void>(decode_user(row));
  static_cast<void>(decode_workspace({}, row));
  static_cast<void>(decode_workspace_member(row));
  static_cast<void>(decode_channel_member(row));
}

}  // namespace

std::vector<std::string> seeds() {
  Generator any(2);
  std::vector<std::string> seeds = {encode_user(any.profile()), encode_workspace(any.workspace()),
                                    encode_channel(any.channel()), encode_channel_member(any.member())};
  for (std::size_t kind = 0; kind < std::variant_size_v<core::Result>; ++kind) {
    seeds.push_back(encode_outcome({.outcome = any.outcome(kind), .offset = 7, .user = any.user()}));
    seeds.push_back(encode_key({.at = any.time(), .outcome = any.outcome(kind)}));
  }
  for (int i = 0; i < 10; ++i) encode_message(any.message(), seeds.emplace_back());
  return seeds;
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto row = parley::fuzz::view(data, size);
  parley::fuzz::see_message(row);
  parley::fuzz::see_others(row);
  return 0;
}
