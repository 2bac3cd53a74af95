// What the disk alone sets as a bound for durable appends: 4 KiB appended to a file and fdatasync, one after the other. Prints
// one JSON object. Quote it only beside figures of the same session: hosts differ by a factor of 30 within an hour.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <numeric>

namespace {

using Clock = std::chrono::steady_clock;

// A file without a name: gone however this ends.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& dir) {
    auto name = dir + "/parley-disk-XXXXXX";
    file_ = ::mkstemp(name.data());
    if (file_ >= 0) ::unlink(name.c_str());
  }
  ~ScratchFile() {
    if (file_ >= 0) ::close(file_);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] bool is_open() const { return file_ >= 0; }
  bool append_durably(const std::string& block) {
    return ::write(file_, block.data(), block.size()) == static_cast<ssize_t>(block.size()) && ::fdatasync(file_) == 0;
  }

 private:
  int file_ = -1;
};

double us(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

void print(const std::string& dir, std::vector<double> all) {
  std::ranges::sort(all);
  const auto at = [&](double share) { return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))]; };
  const auto mean = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  std::printf(R"({"dir":"%s","bytes":4096,"fdatasyncs":%zu,"mean_us":%.1f,"p50_us":%.1f,"p90_us":%.1f,"p99_us":%.1f,)"
              R"("max_us":%.1f,"per_s":%.0f,"bound_of_100_senders_per_s":%.0f})"
              "\n",
              dir.c_str(), all.size(), mean, at(0.5), at(0.9), at(0.99), all.back(), 1e6 / mean, 100e6 / mean);
}

}  // namespace

int main(int argc, char** argv) {
  std::string dir = ".";
  double seconds = 3;
  CLI::App app("Times 4 KiB appended and fdatasync");
  app.add_option("dir", dir, "on the file system in question")->capture_default_str();
  app.add_option("--seconds", seconds, "to go on for")->check(CLI::Range(0.1, 600.0))->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  ScratchFile file(dir);
  const std::string block(4096, 'x');
  std::vector<double> all;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (auto begin = Clock::now(); file.is_open() && begin < end; begin = Clock::now()) {
    if (!file.append_durably(block)) break;
    all.push_back(us(Clock::now() - begin));
  }
  if (all.empty()) {
    std::fprintf(stderr, "disk: %s: %s\n", dir.c_str(), std::strerror(errno));
    return 1;
  }
  print(dir, std::move(all));
  return 0;
}
