// A file that is one JSON array, its elements one at a time and unread: so that no file is too large, and of one that is cut
// off everything before the cut is there.
//
// Operation: looks at brackets and quotes alone; what an element is worth, whoever parses it finds out. Concurrency: one
// thread. Limits: an element of more than kMaxElementBytes is told as such and passed over.
#pragma once

#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::migrate::slack {

inline constexpr std::size_t kMaxElementBytes = 4 << 20;

class ArrayFile {
 public:
  // The error is a sentence.
  static std::expected<ArrayFile, std::string> open(const std::string& path);

  struct Element {
    std::string_view text;  // until the next call
    std::uint64_t number = 0;
    bool too_long = false;  // then there is no text
  };
  // None: the end. The error: what is wrong with the file from here on.
  std::expected<std::optional<Element>, std::string> next();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit ArrayFile(std::FILE* file) : file_(file) {}
  bool fill();
  // The next character that is no white space, not consumed; 0: the end.
  char peek();
  // Goes behind the value that begins here. False: the file ends within it; if it ends right behind it, cut_ alone says so.
  bool pass_value();

  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  std::size_t at_ = 0;     // what is looked at in it
  std::size_t keep_ = 0;   // what is kept of it from here on
  bool too_long_ = false;  // the element under way
  std::uint64_t number_ = 0;
  bool begun_ = false;
  bool done_ = false;
  bool cut_ = false;  // the file ended before the array did
};

}  // namespace parley::migrate::slack
