#include "migrate/line_file.hpp"

namespace parley::migrate {

std::expected<LineFile, std::string> LineFile::open(const std::string& path) {
  auto* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return std::unexpected("can't read " + path);
  LineFile lines(file);
  if (!lines.fill() && lines.failed_) return std::unexpected("can't read " + path);  // a folder, for one
  return lines;
}

// More of the file behind what is left of the buffer. False: there is no more.
bool LineFile::fill() {
  constexpr std::size_t kChunk = 256 << 10;
  buffer_.erase(0, at_);
  at_ = 0;
  const auto before = buffer_.size();
  buffer_.resize(before + kChunk);
  const auto read = std::fread(buffer_.data() + before, 1, kChunk, file_.get());
  buffer_.resize(before + read);
  bytes_ += read;
  if (read == 0) ended_ = true;
  if (read == 0 && std::ferror(file_.get()) != 0) failed_ = true;
  return read > 0;
}

std::optional<LineFile::Line> LineFile::next() {
  Line line{.number = ++number_};
  auto end = buffer_.find('\n', at_);
  while (end == std::string::npos && !ended_) {
    if (buffer_.size() - at_ > kMaxLineBytes) {
      line.too_long = true;
      at_ = buffer_.size();
    }
    const auto searched = buffer_.size() - at_;
    if (fill()) end = buffer_.find('\n', searched);
  }
  if (failed_) return std::nullopt;
  line.unended = end == std::string::npos;
  const auto length = (line.unended ? buffer_.size() : end) - at_;
  if (line.unended && length == 0 && !line.too_long) return std::nullopt;
  line.too_long = line.too_long || length > kMaxLineBytes;
  if (!line.too_long) line.text = std::string_view(buffer_).substr(at_, length);
  at_ = line.unended ? buffer_.size() : end + 1;
  return line;
}

}  // namespace parley::migrate
