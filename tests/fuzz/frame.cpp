// WebSocket texts of clients. Whatever is accepted can be written to the log and is read back as it was; whatever is refused
// can be answered.
#include "codec/client_frame.hpp"
#include "codec/client_text.hpp"
#include "codec/command_codec.hpp"
#include "codec/json_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace parley::fuzz {
namespace {

using namespace codec;

const core::UserId kAda{"ada@example.org"};
constexpr std::string_view kChannel = R"("channel_id":"5e884898-da28-8151-80e5-6f8dc6292773")";

std::string frame(std::string_view type, std::string_view fields) {
  return std::string(R"({"id":"7","type":")").append(type).append("\"").append(fields).append("}");
}

void accepted(const ClientFrame& frame) {
  const auto* payload = std::get_if<core::Payload>(&frame.body);
  if (payload == nullptr) return;
  core::Command command{.user = kAda, .key = frame.key, .received_at = {1}, .payload = *payload};
  if (!command.key.empty()) set_payload_hash(command);
  command.stream = stream_for(command.payload, command.user);
  command.id = core::command_id(command.stream.slot(), command.received_at, 0);
  const auto decoded = decode_command(encode(command));
  must_hold(decoded.has_value(), "what a frame says can be read from the log");
  must_hold(*decoded == command, "and is the same there");
  std::string reply;
  append_reply(reply, frame.id_json, command, {}, {command.id, "p1-0-0-1"});
  must_hold(read_json_object(reply).has_value(), "a reply is JSON");
}

void refused(const FrameError& error) {
  must_hold(!error.input.detail.empty(), "an error says what is wrong");
  std::string reply;
  append_error(reply, error.id_json, error.input.code, error.input.detail);
  must_hold(read_json_object(reply).has_value(), "an error is JSON");
  must_hold(reply.find('\n') == std::string::npos, "in one line");
}

}  // namespace

std::vector<std::string> seeds() {
  const std::string channel(kChannel);
  return {
      frame("post_message", R"(,"key":"k",)" + channel + R"(,"text":"hi 👍","reply_to":2)"),
      frame("post_message", R"(,"direct_to":"bob","text":"\u00e4\n","metadata":{"a":[1,2.50,{}]},"attachments":[{"u":"x"}])"),
      frame("edit_message", "," + channel + R"(,"seq":3,"text":"y")"),
      frame("retract_message", "," + channel + R"(,"seq":3)"),
      frame("mark_read", "," + channel + R"(,"seq":9007199254740991)"),
      frame("mark_delivered", "," + channel + R"(,"seq":1)"),
      frame("hide_messages", "," + channel + R"(,"seq":7)"),
      frame("join_channel", "," + channel),
      frame("leave_channel", "," + channel),
      frame("typing", "," + channel),
      frame("watch_presence", R"(,"users":["ann","b@c",""])"),
      frame("get_history",
            "," + channel + R"(,"before":9,"limit":10,"reply_to":1,"min_position":"p1-a-0-1","as_of":"p1-a-0-1")"),
      frame("get_history", "," + channel + R"(,"since":1772366400000,"limit":200)"),
      frame("get_history", "," + channel + R"(,"until":9007199254740991,"reply_to":1)"),
      frame("resume", R"(,"channels":{"5e884898-da28-8151-80e5-6f8dc6292773":7,"00000000-0000-8000-8000-000000000000":0})"),
      frame("join_channel", R"(,"room":"lobby")"),
      frame("refresh", R"(,"token":"t")"),
      frame("ping", ""),
      R"({"id":1.50e3,"type":"ping"})"};
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = parley::codec::parse_frame(parley::fuzz::view(data, size), parley::fuzz::kAda);
  frame ? parley::fuzz::accepted(*frame) : parley::fuzz::refused(frame.error());
  return 0;
}
