#include "auth/http_get.hpp"

#include <curl/curl.h>

#include <memory>
#include <mutex>

namespace parley::auth {

namespace {

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Free>;
using Headers = std::unique_ptr<curl_slist, Free>;

struct Received {
  std::string body;
  std::uint64_t max_bytes;
  const std::stop_token& stop;
  bool too_large = false;
};

std::size_t take(char* data, std::size_t /*one*/, std::size_t size, void* to) {
  auto& received = *static_cast<Received*>(to);
  received.too_large = received.body.size() + size > received.max_bytes;
  if (received.too_large) return 0;  // ends it
  received.body.append(data, size);
  return size;
}

int is_stopped(void* to, curl_off_t /*down*/, curl_off_t /*of*/, curl_off_t /*up*/, curl_off_t /*of*/) {
  return static_cast<Received*>(to)->stop.stop_requested() ? 1 : 0;
}

void begin_curl() {
  static std::once_flag begun;
  std::call_once(begun, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

std::expected<std::string, std::string> http_get(const HttpGetOptions& options, const std::stop_token& stop) {
  begin_curl();
  const Handle handle(curl_easy_init());
  const Headers headers(curl_slist_append(nullptr, "Accept: application/json"));
  if (!handle || !headers) return std::unexpected("libcurl can't begin");
  Received received{.body = {}, .max_bytes = options.max_bytes, .stop = stop};
  char why[CURL_ERROR_SIZE] = "";
  auto* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "parley");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // of several threads
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &received);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());

  const auto result = curl_easy_perform(curl);
  if (received.too_large) return std::unexpected("more than " + std::to_string(options.max_bytes) + " bytes came");
  if (result != CURLE_OK) return std::unexpected(std::string(*why != '\0' ? why : curl_easy_strerror(result)));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return std::unexpected("the answer is " + std::to_string(status));
  return std::move(received.body);
}

}  // namespace parley::auth
