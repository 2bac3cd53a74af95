#include "bench/http_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace parley::bench {

void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

Address address_of(std::string_view url) {
  if (const auto scheme = url.find("//"); scheme != url.npos) url.remove_prefix(scheme + 2);
  url = url.substr(0, url.find('/'));
  const auto colon = url.find(':');
  if (colon == url.npos) give_up("the URL has no port");
  return {std::string(url.substr(0, colon)), static_cast<std::uint16_t>(std::atoi(std::string(url.substr(colon + 1)).c_str()))};
}

int connect_to(const Address& address, bool blocking) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
  if (fd < 0) give_up("no socket: too many open files?");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(address.port);
  if (::inet_pton(AF_INET, address.host.c_str(), &to.sin_addr) != 1) give_up(address.host + " is no IPv4 address");
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)
    give_up("can't connect to " + address.text());
  return fd;
}

HttpClient::HttpClient(Address address) : address_(std::move(address)), fd_(connect_to(address_, true)) {}

HttpClient::~HttpClient() {
  if (fd_ >= 0) ::close(fd_);
}

void HttpClient::begin(std::string_view method, std::string_view path, std::string_view token, const std::string& body) {
  asked_ = std::string(method) + " " + std::string(path);
  std::string request = asked_ + " HTTP/1.1\r\nHost: " + address_.text() + "\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + std::string(token) + "\r\n";
  if (!body.empty()) request += "Content-Type: application/json\r\n";
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  for (std::string_view left = request; !left.empty();) {
    const auto sent = ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) give_up(asked_ + ": the connection broke");
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string HttpClient::finish() {
  std::string answer;
  std::size_t head = answer.npos;
  std::size_t whole = answer.npos;
  while (answer.size() < whole) {
    char bytes[16384];
    const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) give_up(asked_ + ": the connection broke");
    answer.append(bytes, static_cast<std::size_t>(got));
    if (head != answer.npos || (head = answer.find("\r\n\r\n")) == answer.npos) continue;
    const auto length = answer.find("Content-Length: ");
    whole = head + 4 + (length < head ? static_cast<std::size_t>(std::atoll(answer.c_str() + length + 16)) : 0);
  }
  if (answer.size() < 12 || answer[9] != '2') give_up(asked_ + ": " + answer.substr(0, 300) + answer.substr(head));
  return answer.substr(head + 4);
}

std::string HttpClient::text(std::string_view method, std::string_view path, std::string_view token, const std::string& body) {
  begin(method, path, token, body);
  return finish();
}

Json HttpClient::call(std::string_view method, std::string_view path, std::string_view token, const Json& body) {
  const auto answer = text(method, path, token, body.is_null() ? std::string{} : body.dump());
  return answer.empty() ? Json() : Json::parse(answer);
}

std::string HttpClient::token(const std::string& user) {
  return call("POST", "/v1/dev/tokens", {}, {{"user_id", user}})["token"].get<std::string>();
}

}  // namespace parley::bench
