#include "migrate/slack/conversation.hpp"

#include <algorithm>

#include "codec/limits.hpp"

namespace parley::migrate::slack {

namespace fs = std::filesystem;

namespace {

// A folder of the export itself, and nothing elsewhere.
bool is_folder_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

core::TimeMs time_of_seconds(const Fields& fields) {
  return {static_cast<std::int64_t>(std::min(fields.number("created"), codec::kMaxNumber / 1000)) * 1000};
}

// YYYY-MM-DD.json
bool is_day(const std::string& name) {
  constexpr std::string_view kForm = "dddd-dd-dd.json";
  return std::ranges::equal(name, kForm, [](char c, char form) { return form == 'd' ? c >= '0' && c <= '9' : c == form; });
}

}  // namespace

std::expected<Conversation, std::string> read_conversation(const Fields& fields, core::ChannelKind kind) {
  Conversation made{.id = fields.text("id"), .kind = kind, .name = fields.text("name")};
  if (made.id.empty()) return std::unexpected("it has no id");
  made.folder = made.name.empty() ? made.id : made.name;
  if (!is_folder_name(made.folder)) return std::unexpected(made.id + " has a name that can be no folder's");
  // Slack makes up a name of a group's members.
  if (kind == core::ChannelKind::Group || kind == core::ChannelKind::Direct) made.name.clear();
  made.topic = fields.object("topic").text("value");
  if (made.topic.empty()) made.topic = fields.object("purpose").text("value");
  made.creator = fields.text("creator");
  made.created = time_of_seconds(fields);
  made.members = fields.texts("members");
  for (const auto& pin : fields.objects("pins"))
    if (pin.text("type") == "C") made.pins.push_back({pin.text("id"), pin.text("user"), time_of_seconds(pin)});
  made.archived = fields.is_true("is_archived");
  return made;
}

std::vector<DayFile> day_files(const fs::path& dir, const std::string& folder) {
  std::vector<DayFile> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir / folder, error)) {
    const auto name = entry.path().filename().string();
    if (is_day(name)) files.push_back({entry.path(), folder + "/" + name, entry.file_size(error)});
  }
  std::ranges::sort(files, {}, &DayFile::name);
  return files;
}

}  // namespace parley::migrate::slack
