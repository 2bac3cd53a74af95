#include "tests/contract/killed_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <semaphore>

#include "eventlog/embedded/embedded_log.hpp"
#include "tests/contract/log_driver.hpp"

extern char** environ;

namespace parley::contract {
namespace {

constexpr std::uint32_t kPartitions = 3;
constexpr std::ptrdiff_t kOutstanding = 200;

// In one write, so that a line is there whole or not at all.
void tell(const Acked& acked) {
  std::array<char, 64> line{};
  const int length =
      std::snprintf(line.data(), line.size(), "%u %llu %llu\n", acked.partition, static_cast<unsigned long long>(acked.offset),
                    static_cast<unsigned long long>(acked.number));
  if (::write(STDOUT_FILENO, line.data(), static_cast<std::size_t>(length)) != length) ::_exit(1);
}

}  // namespace

int append_until_killed(const std::filesystem::path& dir, std::uint64_t first_number) {
  // A small write buffer: the kill also hits flushes and switches of the write-ahead log.
  auto log = eventlog::open_embedded_log({.dir = dir, .partitions = kPartitions, .write_buffer_bytes = 256 << 10});
  if (!log) return std::fprintf(stderr, "%s\n", log.error().c_str()), 1;
  std::counting_semaphore<kOutstanding> room(kOutstanding);
  for (auto number = first_number;; ++number) {
    room.acquire();
    const auto partition = static_cast<Partition>(number % kPartitions);
    std::vector<eventlog::AppendRequest> one;
    one.emplace_back(record_of(partition, "key", std::to_string(number) + std::string(300, '.')),
                     [&room, partition, number](Outcome outcome) {
                       if (outcome) tell({partition, *outcome, number});
                       room.release();
                     });
    (*log)->append(std::move(one));
  }
}

std::vector<Acked> run_and_kill_writer(const std::filesystem::path& dir, std::uint64_t first_number, std::size_t acks) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::array<std::string, 3> arguments{kWriterRole, dir.string(), std::to_string(first_number)};
  std::array<char*, 5> argv{program.data(), arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  ::pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);

  std::vector<Acked> told;
  std::FILE* lines = ::fdopen(pipe[0], "r");
  Acked acked{};
  unsigned long long offset = 0;
  unsigned long long number = 0;
  while (std::fscanf(lines, "%u %llu %llu", &acked.partition, &offset, &number) == 3) {
    acked.offset = offset;
    acked.number = number;
    told.push_back(acked);
    if (told.size() == acks) ::kill(child, SIGKILL);
  }
  std::fclose(lines);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
  return told;
}

}  // namespace parley::contract
