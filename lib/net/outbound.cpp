#include "net/outbound.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "net/outbox.hpp"

namespace parley::net {
namespace {

constexpr std::size_t kMaxWriteBytes = 256 << 10;   // composed at once; more stays as shared frames
constexpr std::size_t kMaxControlBytes = 16 << 10;  // of pongs that the peer does not read
constexpr std::size_t kKeptFrames = 64;             // room for frames that a socket keeps when it has none

std::size_t frames_for_one_write(const std::vector<SharedFrame>& frames) {
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < frames.size(); ++count) {
    bytes += frames[count]->message().size();
    if (bytes > kMaxWriteBytes && count > 0) break;
  }
  return count;
}

}  // namespace

Outbound::Outbound(TcpSocket socket, std::shared_ptr<ShardOutbox> outbox, const Options& options)
    : socket_(std::move(socket)), outbox_(std::move(outbox)), options_(options) {}

Outbound::~Outbound() { outbox_->unmark(*this); }

bool Outbound::send(SharedFrame frame) {
  if (!accepts()) return true;
  const std::size_t size = frame->message().size();
  if (is_too_much(size)) flush();  // what gathers in one turn is no sign of a slow peer: the kernel is asked first
  if (!accepts()) return true;
  if (is_too_much(size)) return false;
  data_bytes_ += size;
  data_.push_back(std::move(frame));
  mark();
  return true;
}

void Outbound::send_control(std::string_view bytes) {
  if (!accepts() || control_.size() + bytes.size() > kMaxControlBytes) return;
  control_ += bytes;
  mark();
}

void Outbound::send_close(std::string_view frame) {
  if (!accepts()) return;
  closing_ = true;
  close_ = frame;
  mark();
}

void Outbound::drop_data() { forget_data(data_.size()); }

void Outbound::mark() {
  outbox_->note_activity();
  if (mark_ == 0 && rest_.empty()) outbox_->mark(*this);  // a rest takes the others along
}

void Outbound::flush() {
  write_what_waits();
  outbox_->forget_composed();
}

void Outbound::write_what_waits() {
  if (!rest_.empty()) return;
  while (has_more() && rest_.empty()) write_next();
  if (!rest_.empty()) wait_until_writable();
}

void Outbound::write_next() {
  if (!control_.empty()) {
    write_own(control_);
  } else if (!data_.empty()) {
    write_data();
  } else {
    write_own(close_);
  }
}

void Outbound::write_own(std::string& bytes) {
  const auto owned = std::make_shared<const std::string>(std::exchange(bytes, {}));
  write(*owned, owned);
}

void Outbound::write_data() {
  const std::size_t count = data_bytes_ <= kMaxWriteBytes ? data_.size() : frames_for_one_write(data_);
  if (count == 1) {
    const SharedFrame frame = std::move(data_.front());
    data_bytes_ -= frame->message().size();
    data_.erase(data_.begin());
    write(frame->message(), frame);
    return;
  }
  const auto composed = outbox_->compose(std::span(data_).first(count), options_.batch);
  forget_data(count);
  write(*composed, composed);
}

void Outbound::forget_data(std::size_t frames) {
  for (std::size_t i = 0; i < frames; ++i) data_bytes_ -= data_[i]->message().size();
  data_.erase(data_.begin(), data_.begin() + static_cast<std::ptrdiff_t>(frames));
  if (data_.empty() && data_.capacity() > kKeptFrames) data_.shrink_to_fit();
}

void Outbound::write(std::string_view bytes, const std::shared_ptr<const void>& owner) {
  const std::size_t written = try_write(bytes);
  if (written == bytes.size() || broken_) return;
  rest_ = bytes.substr(written);
  rest_owner_ = owner;
}

std::size_t Outbound::try_write(std::string_view bytes) {
  for (;;) {
    const ssize_t n = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) break_off();
    return 0;
  }
}

void Outbound::wait_until_writable() {
  socket_.async_wait(TcpSocket::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
    if (error) {
      self->break_off();
    } else {
      self->go_on();
    }
  });
}

void Outbound::go_on() {
  rest_.remove_prefix(try_write(rest_));
  if (!rest_.empty()) {
    wait_until_writable();
    return;
  }
  rest_owner_.reset();
  flush();
}

// Its reader learns by itself that the connection is no more.
void Outbound::break_off() {
  broken_ = true;
  rest_ = {};
  rest_owner_.reset();
  control_.clear();
  close_.clear();
  drop_data();
}

}  // namespace parley::net
