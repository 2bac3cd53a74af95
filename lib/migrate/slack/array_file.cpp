#include "migrate/slack/array_file.hpp"

#include <algorithm>

namespace parley::migrate::slack {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::expected<ArrayFile, std::string> ArrayFile::open(const std::string& path) {
  auto* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return std::unexpected("it can't be read");
  return ArrayFile(file);
}

bool ArrayFile::fill() {
  constexpr std::size_t kChunk = 256 << 10;
  if (at_ - keep_ > kMaxElementBytes) too_long_ = true;
  if (too_long_) keep_ = at_;
  buffer_.erase(0, keep_);
  at_ -= keep_;
  keep_ = 0;
  const auto before = buffer_.size();
  buffer_.resize(before + kChunk);
  const auto read = std::fread(buffer_.data() + before, 1, kChunk, file_.get());
  buffer_.resize(before + read);
  return read > 0;
}

char ArrayFile::peek() {
  for (;;) {
    for (; at_ < buffer_.size(); ++at_)
      if (!is_space(buffer_[at_])) return buffer_[at_];
    keep_ = at_;
    if (!fill()) return 0;
  }
}

bool ArrayFile::pass_value() {
  int depth = 0;
  bool in_string = false;
  bool escaped = false;
  for (;; ++at_) {
    if (at_ == buffer_.size() && !fill()) {
      cut_ = true;
      return depth == 0 && !in_string;
    }
    const char c = buffer_[at_];
    if (in_string) {
      if (escaped)
        escaped = false;
      else if (c == '\\')
        escaped = true;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return true;  // the array's own
      --depth;
    } else if (c == ',' && depth == 0) {
      return true;
    }
  }
}

std::expected<std::optional<ArrayFile::Element>, std::string> ArrayFile::next() {
  if (done_) return std::nullopt;
  if (cut_) return done_ = true, std::unexpected("it ends in the middle of the array");
  if (!begun_) {
    if (peek() != '[') return done_ = true, std::unexpected("it is no JSON array");
    ++at_;
    begun_ = true;
    if (peek() == ']') return done_ = true, std::nullopt;
  }
  too_long_ = false;
  if (peek() == 0) return done_ = true, std::unexpected("it ends in the middle of the array");
  keep_ = at_;
  if (!pass_value()) return done_ = true, std::unexpected("it ends in the middle of an element");
  Element element{.number = ++number_, .too_long = too_long_ || at_ - keep_ > kMaxElementBytes};
  if (!element.too_long) element.text = std::string_view(buffer_).substr(keep_, at_ - keep_);
  if (cut_) return element;
  if (buffer_[at_] == ']') done_ = true;
  ++at_;
  return element;
}

}  // namespace parley::migrate::slack
