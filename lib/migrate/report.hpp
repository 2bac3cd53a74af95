// What was brought over, and what was not and why: counted by kind, with the first few of each, and a JSON object a line for
// every one of the latter if there is a file for them.
//
// Concurrency: one thread. Limits: kMaxKinds of reasons, what is beyond them counts as "other".
#pragma once

#include <cstdio>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::migrate {

class Report {
 public:
  static constexpr std::size_t kMaxKinds = 200;
  static constexpr std::size_t kShown = 3;  // of each kind

  // From now on what is left out goes to this file too. The error is a sentence.
  std::expected<void, std::string> write_to(const std::string& file);

  void brought(std::string_view kind) { ++count(brought_, kind); }
  void there(std::string_view kind) { ++count(there_, kind); }  // in the log from before
  void left_out(std::string_view kind, std::string_view where, std::string_view why);
  void damaged(std::string_view where, std::string_view why);

  [[nodiscard]] std::uint64_t brought_of(std::string_view kind) const;
  [[nodiscard]] std::uint64_t there_of(std::string_view kind) const;
  [[nodiscard]] std::uint64_t left_out_of(std::string_view kind) const;
  [[nodiscard]] std::uint64_t damages() const { return left_out_of(kDamaged); }
  // Everything, for people.
  [[nodiscard]] std::string text() const;
  // The counts, as fields of a JSON object.
  [[nodiscard]] std::string json_fields() const;
  // Is the file whole, if there is one?
  [[nodiscard]] bool written();

 private:
  static constexpr std::string_view kDamaged = "damaged";
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;
  struct Reason {
    std::uint64_t count = 0;
    std::vector<std::string> first;
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  static std::uint64_t& count(Counts& counts, std::string_view kind);

  Counts brought_;
  Counts there_;
  std::map<std::string, Reason, std::less<>> left_out_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace parley::migrate
