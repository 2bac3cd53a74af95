// Uploads: the body that announces one, the name that a key and a header are made of, and the path of a key.
#include "codec/json_reader.hpp"
#include "query-api/upload_desk.hpp"
#include "query-api/upload_name.hpp"
#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  return {R"({"channel_id":"01234567-89ab-8def-8123-456789abcdef","name":"a.png","content_type":"image/png","size":5})",
          R"({"name":"me.png","content_type":"image/png"})",
          "../..\r\n\"a b\\c\u202e.tar.gz",
          "Résumé 写真 🎉.pdf",
          std::string(300, 'x') + ".jpeg",
          "."};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using fuzz::must_hold;
  const auto text = fuzz::view(data, size);
  if (const auto upload = codec::parse_upload(text, 1000)) {
    must_hold(upload->size <= 1000 && (upload->size >= 1 || !upload->channel), "a size is within its limits");
    must_hold(upload->content_type.find_first_of("\r\n \t;,\"") == std::string::npos, "a type ends no header");
  }
  if (!core::is_utf8(text)) return 0;
  const auto safe = query_api::safe_name(text);
  must_hold(!safe.empty() && safe.size() <= query_api::kMaxNameBytes && core::is_utf8(safe), "a name is short and UTF-8");
  must_hold(safe.front() != '.' && safe.find_first_of("/\\\"\r\n\t ;%") == std::string::npos, "and harmless");
  must_hold(query_api::safe_name(safe) == safe, "and stays so");
  const auto header = query_api::attachment_disposition(safe);
  for (const char c : header) must_hold(c >= 0x20 && c < 0x7f, "a header is visible ASCII");
  constexpr const char* kChannel = "01234567-89ab-8def-8123-456789abcdef";
  const auto key = query_api::UploadKey::parse(kChannel, std::string(32, '0'), text);
  must_hold(key.has_value() == (safe == text), "the name of a key is a safe one");
  return 0;
}
