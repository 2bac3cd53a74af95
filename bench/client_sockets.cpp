#include "bench/client_sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace parley::bench {

namespace {

constexpr unsigned char kText = 1;
constexpr unsigned char kClose = 8;
constexpr unsigned char kPing = 9;
constexpr unsigned char kPong = 10;

// The mask is zero: as valid as any other, and a pass over the text is saved.
std::string framed(unsigned char opcode, std::string_view payload) {
  std::string bytes(1, static_cast<char>(0x80 | opcode));
  const auto size = payload.size();
  if (size > 65535) give_up("a frame of more than 65,535 bytes");
  if (size < 126)
    bytes.push_back(static_cast<char>(0x80 | size));
  else
    bytes.append({static_cast<char>(0xfe), static_cast<char>(size >> 8), static_cast<char>(size & 0xff)});
  return bytes.append(4, '\0').append(payload);
}

}  // namespace

ClientSockets::ClientSockets(Listener& listener) : listener_(listener), epoll_(::epoll_create1(0)), buffer_(256 << 10) {}

ClientSockets::~ClientSockets() {
  cut_all();
  ::close(epoll_);
}

ClientSockets::Number ClientSockets::open(const Address& address, std::string_view path, const std::string& headers) {
  const auto number = sockets_.size();
  auto& socket = sockets_.emplace_back();
  socket.fd = connect_to(address, false);
  socket.out = "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + address.text() +
               "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
               headers + "\r\n";
  watch(number, true, true);
  return number;
}

void ClientSockets::watch(Number number, bool to_write, bool anew) {
  auto& socket = sockets_[number];
  socket.waits_to_write = to_write;
  epoll_event event{};
  event.events = EPOLLIN | (to_write ? EPOLLOUT : 0U);
  event.data.u64 = number;
  ::epoll_ctl(epoll_, anew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket.fd, &event);
}

void ClientSockets::send(Number number, std::string_view text) { write(number, framed(kText, text)); }

void ClientSockets::write(Number number, std::string_view bytes) {
  auto& socket = sockets_[number];
  if (socket.fd < 0) return;
  socket.out += bytes;
  const auto sent = ::send(socket.fd, socket.out.data(), socket.out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) socket.out.erase(0, static_cast<std::size_t>(sent));
  if (const bool is_left = !socket.out.empty(); is_left != socket.waits_to_write) watch(number, is_left, false);
}

void ClientSockets::cut_all() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  for (auto& socket : sockets_) {
    if (socket.fd < 0) continue;
    ::setsockopt(socket.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket.fd);
  }
  sockets_.clear();
}

void ClientSockets::poll(int timeout_ms) {
  epoll_event events[512];
  const int due = ::epoll_wait(epoll_, events, 512, timeout_ms);
  for (int i = 0; i < due; ++i) {
    const auto number = static_cast<Number>(events[i].data.u64);
    if ((events[i].events & EPOLLOUT) != 0) write(number, {});
    if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(number);
  }
}

// One call to the kernel: what is left makes the socket ready again.
void ClientSockets::read(Number number) {
  if (sockets_[number].fd < 0) return;
  const auto got = ::recv(sockets_[number].fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return end(number, got == 0 ? "closed" : "broken");
  std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
  std::string whole = std::move(sockets_[number].in);
  if (!whole.empty()) bytes = whole.append(bytes);
  while (const auto taken = take(number, bytes)) bytes.remove_prefix(taken);
  sockets_[number].in = bytes;
}

// How many bytes were one thing; 0: it is not whole yet.
std::size_t ClientSockets::take(Number number, std::string_view bytes) {
  if (sockets_[number].fd < 0) return 0;
  if (!sockets_[number].is_open) return take_head(number, bytes);
  if (bytes.size() < 2) return 0;
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])); };
  std::uint64_t size = at(1) & 0x7f;
  const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (bytes.size() < 2 + more) return 0;
  if (more != 0) size = 0;
  for (std::size_t i = 0; i < more; ++i) size = size << 8 | at(2 + i);
  if (bytes.size() < 2 + more + size) return 0;
  frame(number, static_cast<unsigned char>(at(0) & 0x0f), bytes.substr(2 + more, size));
  return 2 + more + size;
}

std::size_t ClientSockets::take_head(Number number, std::string_view bytes) {
  const auto end_of_head = bytes.find("\r\n\r\n");
  if (end_of_head == bytes.npos) return 0;
  if (!bytes.starts_with("HTTP/1.1 101")) {
    end(number, bytes);
    return 0;
  }
  sockets_[number].is_open = true;
  listener_.opened(number);
  return end_of_head + 4;
}

void ClientSockets::frame(Number number, unsigned char opcode, std::string_view payload) {
  if (opcode == kPing) return write(number, framed(kPong, payload));
  if (opcode == kText) return listener_.said(number, payload);
  if (opcode == kClose) end(number, payload.size() > 2 ? payload.substr(2) : "closed");
}

void ClientSockets::end(Number number, std::string_view why) {
  ::close(sockets_[number].fd);
  sockets_[number].fd = -1;
  listener_.ended(number, why);
}

}  // namespace parley::bench
