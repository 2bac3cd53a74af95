#include "migrate/slack/export.hpp"

#include <algorithm>
#include <set>

#include "migrate/slack/array_file.hpp"
#include "migrate/slack/conversation_reader.hpp"

namespace parley::migrate::slack {

namespace fs = std::filesystem;

namespace {

struct List {
  const char* file;
  core::ChannelKind kind;
};
constexpr List kLists[] = {{"channels.json", core::ChannelKind::Public},
                           {"groups.json", core::ChannelKind::Private},
                           {"mpims.json", core::ChannelKind::Group},
                           {"dms.json", core::ChannelKind::Direct}};

}  // namespace

std::expected<Export, std::string> Export::open(const fs::path& dir) {
  Export made(dir);
  std::error_code error;
  if (!fs::is_directory(dir, error)) return std::unexpected(dir.string() + " is no folder");
  if (!fs::exists(dir / "users.json", error))
    return std::unexpected(dir.string() + " has no users.json: it is no Slack export");
  made.read("users.json", [&made](const Fields& user) { return made.people_.add(user); });
  if (made.people_.owner() == nullptr) return std::unexpected(dir.string() + "/users.json has no users");
  for (const auto& list : kLists) {
    if (!fs::exists(dir / list.file, error)) continue;
    made.read(list.file, [&](const Fields& fields) -> std::string {
      auto conversation = read_conversation(fields, list.kind);
      if (!conversation) return conversation.error();
      made.conversations_.push_back(std::move(*conversation));
      return {};
    });
  }
  for (const auto& conversation : made.conversations_)
    for (const auto& file : day_files(dir, conversation.folder)) made.bytes_ += file.bytes;
  made.look_for_lost_folders();
  return made;
}

// Those with messages that no list names.
void Export::look_for_lost_folders() {
  std::set<std::string> lost;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir_, error))
    if (entry.is_directory(error)) lost.insert(entry.path().filename().string());
  for (const auto& conversation : conversations_) lost.erase(conversation.folder);
  std::erase_if(lost, [this](const std::string& folder) { return day_files(dir_, folder).empty(); });
  if (lost.empty()) return;
  const auto* channels = kLists[0].file;
  if (!fs::exists(dir_ / channels, error))
    flaws_.push_back({kDamaged, channels, "it is not there, and folders of messages are"});
  for (const auto& folder : lost)
    flaws_.push_back({"folder_without_channel", folder, "it has messages, and no list names its channel"});
}

void Export::read(const std::string& file, const std::function<std::string(const Fields&)>& take) {
  auto array = ArrayFile::open((dir_ / file).string());
  if (!array) return flaws_.push_back({kDamaged, file, array.error()});
  for (;;) {
    const auto element = array->next();
    if (!element) return flaws_.push_back({kDamaged, file, element.error()});
    if (!*element) return;
    const auto where = file + ", element " + std::to_string((*element)->number);
    const auto fields = Fields::read((*element)->text);
    if (!fields) {
      flaws_.push_back({kDamaged, where, "it is no JSON object"});
      continue;
    }
    if (auto wrong = take(*fields); !wrong.empty()) flaws_.push_back({"wrong_entry", where, std::move(wrong)});
  }
}

// When the oldest of its conversations was made.
core::TimeMs Export::began() const {
  core::TimeMs oldest;
  for (const auto& each : conversations_)
    if (each.created.value > 0 && (oldest.value == 0 || each.created < oldest)) oldest = each.created;
  return oldest;
}

bool Export::begin(Sink& sink, const std::string& workspace_name) {
  for (const auto& flaw : flaws_)
    flaw.kind == kDamaged ? sink.damaged(flaw.where, flaw.why) : sink.leave_out(flaw.kind, flaw.where, flaw.why);
  const auto& owner = *people_.owner();
  const auto at = began();
  const auto say = [&](auto what) { return sink.take({.at = at, .where = "users.json", .what = std::move(what)}); };
  for (const auto& person : people_.all())
    if (!say(NewUser{person.id, person.name, person.avatar_url})) return false;
  if (!say(NewWorkspace{kWorkspace, owner.id, workspace_name})) return false;
  return std::ranges::all_of(people_.all(), [&](const Person& person) {
    return person.id == owner.id || say(WorkspaceJoin{kWorkspace, owner.id, person.id, std::nullopt});
  });
}

bool Export::run(Sink& sink, const std::string& workspace_name, const Progress& progress) {
  if (!begin(sink, workspace_name)) return false;
  std::unordered_map<std::string, std::string> names;
  for (const auto& each : conversations_) names.emplace(each.id, each.name);
  std::uint64_t done = 0;
  for (auto& conversation : conversations_) {
    if (conversation.created.value == 0) conversation.created = began();
    ConversationReader reader(conversation, day_files(dir_, conversation.folder), people_, names, sink);
    if (!reader.run([&](std::uint64_t bytes) { return progress(done + bytes); })) return false;
    done += reader.bytes();
  }
  return end(sink);
}

// Who is deactivated was there when he spoke, and is no longer.
bool Export::end(Sink& sink) {
  return std::ranges::all_of(people_.all(), [&](const Person& person) {
    if (!person.gone || person.id == people_.owner()->id) return true;
    return sink.take(
        {.at = began(), .about_then = true, .where = "users.json", .what = WorkspaceLeave{kWorkspace, person.id, person.id}});
  });
}

}  // namespace parley::migrate::slack
