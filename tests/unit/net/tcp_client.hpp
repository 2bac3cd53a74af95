// A blocking TCP client for tests. Every wait ends after kPatience: then what was asked for is not there.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace parley::net {

inline constexpr std::chrono::seconds kPatience{20};

template <class Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

class TcpClient {
 public:
  // `receive_buffer`: the kernel's, in bytes; 0: as it likes.
  explicit TcpClient(const std::string& address, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{kPatience.count(), 0};
    const int yes = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)), 0);
  }
  ~TcpClient() { close(); }
  TcpClient(TcpClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
  TcpClient& operator=(TcpClient&&) = delete;

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  // Closes with a reset, whatever was sent.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close();
  }
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }

  // False: the connection broke.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // Exactly so many bytes; fewer when the connection ends or patience does.
  std::string take(std::size_t count) {
    while (received_.size() < count && receive()) {
    }
    return cut(std::min(count, received_.size()));
  }
  // All up to and with `end`; everything when it never comes.
  std::string take_until(std::string_view end) {
    std::size_t at = std::string::npos;
    while ((at = received_.find(end)) == std::string::npos && receive()) {
    }
    return cut(at == std::string::npos ? received_.size() : at + end.size());
  }
  std::string take_all() {
    while (receive()) {
    }
    return cut(received_.size());
  }
  // Has the server closed it, with nothing more to read?
  bool ended() { return received_.empty() && !receive() && !timed_out_; }

 private:
  bool receive() {
    std::array<char, 65536> some{};
    const ssize_t n = ::recv(fd_, some.data(), some.size(), 0);
    timed_out_ = n < 0 && errno == EAGAIN;
    EXPECT_FALSE(timed_out_) << "nothing came";
    if (n > 0) received_.append(some.data(), static_cast<std::size_t>(n));
    return n > 0;
  }
  std::string cut(std::size_t count) {
    std::string taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
  }

  int fd_;
  std::string received_;
  bool timed_out_ = false;
};

}  // namespace parley::net
