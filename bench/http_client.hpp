// One kept-alive HTTP/1.1 connection of a benchmark to the server under test, for what has to be there before it begins.
// Whatever fails ends the program.
//
// Concurrency: one thread, which it blocks. Limits: answers with a Content-Length.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace parley::bench {

using Json = nlohmann::json;

[[noreturn]] void give_up(const std::string& why);

struct Address {
  std::string host;  // IPv4
  std::uint16_t port = 0;
  [[nodiscard]] std::string text() const { return host + ":" + std::to_string(port); }
};
Address address_of(std::string_view url);  // http://HOST:PORT
int connect_to(const Address& address, bool blocking);

class HttpClient {
 public:
  explicit HttpClient(Address address);
  HttpClient(HttpClient&& other) noexcept : address_(std::move(other.address_)), fd_(std::exchange(other.fd_, -1)) {}
  HttpClient& operator=(HttpClient&&) = delete;
  ~HttpClient();

  // Sends, and does not wait: finish() does, before the next.
  void begin(std::string_view method, std::string_view path, std::string_view token, const std::string& body);
  std::string finish();  // the body of an answer 2xx
  std::string text(std::string_view method, std::string_view path, std::string_view token = {}, const std::string& body = {});
  Json call(std::string_view method, std::string_view path, std::string_view token, const Json& body = nullptr);

  std::string token(const std::string& user);  // of a server in development mode
  [[nodiscard]] const Address& address() const { return address_; }

 private:
  Address address_;
  int fd_ = -1;
  std::string asked_;  // for the complaint
};

}  // namespace parley::bench
