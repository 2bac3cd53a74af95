#include "store/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace parley::store {
namespace {

std::unexpected<StoreError> failed(const char* what, const std::filesystem::path& path) {
  return std::unexpected(StoreError{std::string(what) + " " + path.string() + ": " + std::strerror(errno)});
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] bool sync() const { return ::fsync(fd_) == 0; }
  [[nodiscard]] bool write(std::string_view text) const {
    while (!text.empty()) {
      const auto written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

 private:
  int fd_;
};

}  // namespace

Stored<void> sync_directory(const std::filesystem::path& dir) {
  const Descriptor directory(dir, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || !directory.sync()) return failed("can't sync", dir);
  return {};
}

Stored<void> replace_file(const std::filesystem::path& path, std::string_view text) {
  auto unfinished = path;
  unfinished += ".tmp";
  {
    const Descriptor file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open() || !file.write(text) || !file.sync()) return failed("can't write", unfinished);
  }
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return failed("can't rename to", path);
  return sync_directory(path.parent_path());
}

}  // namespace parley::store
