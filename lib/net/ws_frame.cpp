#include "net/ws_frame.hpp"

#include <algorithm>

namespace parley::net {
namespace {

void append_big_endian(std::uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

// How many of the frames share the first message, and how long it is.
struct Batch {
  std::size_t frames = 0;
  std::size_t bytes = 0;
};

Batch first_batch(std::span<const SharedFrame> frames) {
  Batch batch{.frames = 1, .bytes = frames.front()->text().size()};
  for (const auto& frame : frames.subspan(1)) {
    const std::size_t more = frame->text().size() + 1;
    if (batch.bytes + more > kMaxBatchBytes) break;
    batch.bytes += more;
    ++batch.frames;
  }
  return batch;
}

void append_batch(std::span<const SharedFrame> frames, std::size_t bytes, std::string& out) {
  append_frame_header(kOpText, bytes, out);
  for (const auto& frame : frames) {
    if (&frame != &frames.front()) out += '\n';
    out += frame->text();
  }
}

}  // namespace

Frame::Frame(std::string_view text, MessageKind kind) {
  bytes_.reserve(text.size() + 10);
  append_frame_header(static_cast<std::uint8_t>(kind), text.size(), bytes_);
  header_ = bytes_.size();
  bytes_ += text;
}

void append_frame_header(std::uint8_t opcode, std::size_t length, std::string& out) {
  out += static_cast<char>(0x80 | opcode);
  if (length < 126) {
    out += static_cast<char>(length);
  } else if (length <= 0xffff) {
    out += static_cast<char>(126);
    append_big_endian(length, 2, out);
  } else {
    out += static_cast<char>(127);
    append_big_endian(length, 8, out);
  }
}

std::string control_frame(std::uint8_t opcode, std::string_view payload) {
  std::string frame;
  append_frame_header(opcode, payload.size(), frame);
  return frame.append(payload);
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  std::size_t length = std::min<std::size_t>(reason.size(), 123);
  if (length < reason.size()) {
    while (length > 0 && (static_cast<unsigned char>(reason[length]) & 0xc0) == 0x80) --length;
  }
  std::string payload;
  append_big_endian(code, 2, payload);
  return control_frame(kOpClose, payload.append(reason.substr(0, length)));
}

void append_messages(std::span<const SharedFrame> frames, bool batch, std::string& out) {
  if (!batch) {
    for (const auto& frame : frames) out += frame->message();
    return;
  }
  while (!frames.empty()) {
    const Batch first = first_batch(frames);
    append_batch(frames.first(first.frames), first.bytes, out);
    frames = frames.subspan(first.frames);
  }
}

}  // namespace parley::net
