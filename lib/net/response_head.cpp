#include "net/response_head.hpp"

#include <array>
#include <charconv>

namespace parley::net {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  out.append(digits.data(), end);
}

void append_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 && c != '\t') || byte == 0x7f ? ' ' : c;
  }
}

// RFC 9110, 8.6: these never say a length.
bool has_content(unsigned status) { return status != 204 && status != 304 && status >= 200; }

}  // namespace

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

std::string_view DateText::now() {
  const std::time_t second = std::time(nullptr);
  if (second != second_) {
    std::tm parts{};
    gmtime_r(&second, &parts);
    std::array<char, 40> text{};
    text_.assign(text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    second_ = second;
  }
  return text_;
}

void write_response_head(const HttpResponse& response, const ResponseOptions& options, std::string_view date,
                         std::string& out) {
  out = "HTTP/1.1 ";
  append_number(out, response.status);
  out.append(" ").append(reason_phrase(response.status)).append("\r\nServer: parley\r\nDate: ").append(date).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    out.append(name).append(": ");
    append_value(out, value);
    out += "\r\n";
  }
  if (has_content(response.status)) {
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  if (!options.keep_alive) {
    out += "Connection: close\r\n";
  } else if (options.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

}  // namespace parley::net
