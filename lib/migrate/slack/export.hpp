// Slack's export of a workspace, unpacked: users.json, channels.json and the like, a folder for each conversation with a file
// for each day.
//
// Operation: open() reads who and what there is; run() goes through it, conversation by conversation, a day file at a time.
// Concurrency: one thread. Limits: memory grows with users and conversations, and by what a conversation keeps back
// (conversation_reader.hpp).
#pragma once

#include <functional>

#include "migrate/sink.hpp"
#include "migrate/slack/conversation.hpp"
#include "migrate/slack/people.hpp"

namespace parley::migrate::slack {

class Export {
 public:
  // Whoever reads on is told how many bytes of day files he has behind him, and says whether to go on.
  using Progress = std::function<bool(std::uint64_t bytes)>;

  // The error is a sentence: this is no export.
  static std::expected<Export, std::string> open(const std::filesystem::path& dir);
  // Slack's id of the workspace; empty: it does not say.
  [[nodiscard]] const std::string& team() const { return people_.team(); }
  // Of all day files.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  // False: the sink can't go on, or it was told to stop.
  bool run(Sink& sink, const std::string& workspace_name, const Progress& progress);

 private:
  struct Flaw {
    std::string_view kind;  // a constant
    std::string where;
    std::string why;
  };
  static constexpr std::string_view kDamaged = "damaged";
  explicit Export(std::filesystem::path dir) : dir_(std::move(dir)) {}
  void read(const std::string& file, const std::function<std::string(const Fields&)>& take);
  void look_for_lost_folders();
  bool begin(Sink& sink, const std::string& workspace_name);
  bool end(Sink& sink);
  [[nodiscard]] core::TimeMs began() const;

  std::filesystem::path dir_;
  People people_;
  std::vector<Conversation> conversations_;
  std::vector<Flaw> flaws_;  // told when there is somebody to be told
  std::uint64_t bytes_ = 0;
};

}  // namespace parley::migrate::slack
