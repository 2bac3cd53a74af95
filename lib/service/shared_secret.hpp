// The secret that Parley's processes share: who presents it is one of them. It travels as gRPC metadata, hence printable
// ASCII. A value; any thread.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace parley::service {

class SharedSecret {
 public:
  static constexpr std::size_t kMaxBytes = 1024;

  SharedSecret() = default;  // none: everybody is admitted
  // The error is a sentence for who configured it. An empty text is none.
  static std::expected<SharedSecret, std::string> parse(std::string text);

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  // Is it this one? Takes as long whatever `presented` holds; its length alone is told by the time.
  [[nodiscard]] bool matches(std::string_view presented) const;

 private:
  explicit SharedSecret(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace parley::service
