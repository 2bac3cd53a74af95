// The lines of a file, one after the other, however many there are.
//
// Concurrency: one thread. Limits: a line of more than kMaxLineBytes is told as such and passed over.
#pragma once

#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::migrate {

inline constexpr std::size_t kMaxLineBytes = 1 << 20;

class LineFile {
 public:
  // The error is a sentence.
  static std::expected<LineFile, std::string> open(const std::string& path);

  struct Line {
    std::string_view text;  // without its end; until the next call
    std::uint64_t number = 0;
    bool too_long = false;  // then there is no text
    bool unended = false;   // the file ends here, without the end of a line
  };
  // None: the end, or the file can't be read (failed()).
  std::optional<Line> next();
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit LineFile(std::FILE* file) : file_(file) {}
  bool fill();

  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  std::size_t at_ = 0;  // where the next line begins in it
  std::uint64_t bytes_ = 0;
  std::uint64_t number_ = 0;
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace parley::migrate
