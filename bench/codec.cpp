// The codecs that every message passes: a frame in, a command to and from the log, a row, and the texts that go out.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "codec/client_frame.hpp"
#include "codec/client_text.hpp"
#include "codec/command_codec.hpp"
#include "codec/rows.hpp"

namespace parley::codec {
namespace {

const core::UserId kAda{"ada@example.org"};
const core::ChannelId kChannel = core::group_id(kAda, "k");
const std::string kText(128, 'x');

// 250 bytes or so.
std::string frame(const std::string& text) {
  return R"({"id":"12345","type":"post_message","key":"c1d5f1d0-4bb0-4c1e","channel_id":")" + kChannel.text() +
         R"(","text":")" + text + R"("})";
}

core::Message message() {
  return {.channel = kChannel,
          .seq = {123456},
          .version = {234567},
          .author = kAda,
          .text = kText,
          .posted_at = {1'772'366'400'123},
          .number = {1'772'366'400'124}};
}

core::Command command() {
  core::Command command{.user = kAda, .key = "c1d5f1d0-4bb0-4c1e", .received_at = {1'772'366'400'123}, .origin = {1, 2}};
  command.payload = core::PostMessage{.channel = kChannel, .text = kText};
  command.stream = stream_for(command.payload, command.user);
  command.id = core::command_id(command.stream.slot(), command.received_at, 7);
  return command;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void ParsePostMessage(benchmark::State& state) {
  const auto text = frame(kText);
  for (auto _ : state) {
    auto parsed = parse_frame(text, kAda);
    require(parsed.has_value());
    benchmark::DoNotOptimize(parsed);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(ParsePostMessage);

void ParsePostMessageWithMetadata(benchmark::State& state) {
  auto text = frame(kText);
  text.pop_back();
  text += R"(,"metadata":{"client":"web","tags":["a","b"],"n":{"x":1.5}},"attachments":[{"url":"https://example.org/a.png"}]})";
  for (auto _ : state) {
    auto parsed = parse_frame(text, kAda);
    require(parsed.has_value());
    benchmark::DoNotOptimize(parsed);
  }
}
BENCHMARK(ParsePostMessageWithMetadata);

void HashPayload(benchmark::State& state) {
  auto posted = command();
  for (auto _ : state) {
    set_payload_hash(posted);
    benchmark::DoNotOptimize(posted.payload_hash);
  }
}
BENCHMARK(HashPayload);

void EncodeCommand(benchmark::State& state) {
  const auto posted = command();
  for (auto _ : state) benchmark::DoNotOptimize(encode(posted));
}
BENCHMARK(EncodeCommand);

void DecodeCommand(benchmark::State& state) {
  const auto bytes = encode(command());
  for (auto _ : state) {
    auto decoded = decode_command(bytes);
    require(decoded.has_value());
    benchmark::DoNotOptimize(decoded);
  }
}
BENCHMARK(DecodeCommand);

void EncodeMessageRow(benchmark::State& state) {
  const auto posted = message();
  std::string row;
  for (auto _ : state) {
    row.clear();
    encode_message(posted, row);
    benchmark::DoNotOptimize(row.data());
  }
}
BENCHMARK(EncodeMessageRow);

void MessageRowToJson(benchmark::State& state) {
  std::string row;
  encode_message(message(), row);
  std::string out;
  for (auto _ : state) {
    out.clear();
    const auto view = MessageView::parse(row);
    require(view.has_value());
    append_message(out, kChannel, {123456}, *view);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(MessageRowToJson);

void HistoryPageOf50(benchmark::State& state) {
  std::string row;
  encode_message(message(), row);
  const std::vector<MessageEntry> entries(50, MessageEntry{{123456}, row});
  for (auto _ : state) {
    std::string out;
    require(append_history(out, {.channel = kChannel, .messages = entries, .last_seq = {123456}, .version = {234567}}));
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(HistoryPageOf50);

void MessagePostedEvent(benchmark::State& state) {
  const core::Change change{kChannel.uuid, {234567}, {1'772'366'400'123}, kAda, core::MessagePosted{message()}};
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_event(out, change, "p1-1f2e3d4c-17-123456");
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(MessagePostedEvent);

void OkReply(benchmark::State& state) {
  const auto posted = command();
  const core::Outcome outcome{
      .channel = kChannel, .seq = {123456}, .version = {234567}, .result = core::MessageResult{message()}};
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_reply(out, "\"12345\"", posted, outcome, {posted.id, "p1-1f2e3d4c-17-123456"});
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(OkReply);

}  // namespace
}  // namespace parley::codec
