// Many WebSockets of clients, for a benchmark: as little work for each as can be, since the generator shares the machine with
// the server that it measures. A socket is a descriptor and what came of an unfinished frame.
//
// Operation: open() begins; poll() does whatever is due and calls the listener. Pings are answered. Concurrency: one thread.
// Limits: messages in one frame.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/http_client.hpp"

namespace parley::bench {

class ClientSockets {
 public:
  using Number = std::size_t;
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void opened(Number socket) = 0;
    virtual void said(Number socket, std::string_view text) = 0;
    virtual void ended(Number socket, std::string_view why) = 0;
  };

  explicit ClientSockets(Listener& listener);
  ~ClientSockets();
  ClientSockets(const ClientSockets&) = delete;
  ClientSockets& operator=(const ClientSockets&) = delete;

  // Numbers count from 0. `headers` are whole lines.
  Number open(const Address& address, std::string_view path, const std::string& headers);
  void send(Number socket, std::string_view text);
  // As a network that goes away does: nothing more comes, and the server sees a reset.
  void cut_all();
  void poll(int timeout_ms);

 private:
  struct Socket {
    int fd = -1;
    bool is_open = false;
    bool waits_to_write = false;
    std::string in;   // of a frame, or the answer to the handshake, that is not whole yet
    std::string out;  // that the kernel did not take yet
  };
  void watch(Number socket, bool to_write, bool anew);
  void write(Number number, std::string_view bytes);
  void read(Number number);
  std::size_t take(Number number, std::string_view bytes);
  std::size_t take_head(Number number, std::string_view bytes);
  void frame(Number number, unsigned char opcode, std::string_view payload);
  void end(Number number, std::string_view why);

  Listener& listener_;
  int epoll_ = -1;
  std::vector<Socket> sockets_;
  std::vector<char> buffer_;
};

}  // namespace parley::bench
