#include "migrate/report.hpp"

#include <algorithm>

#include "codec/json_writer.hpp"
#include "core/ids.hpp"

namespace parley::migrate {
namespace {

// Of what an export has, which may be anything.
std::string printable(std::string_view text) {
  constexpr std::size_t kMost = 200;
  std::string shown(text.substr(0, kMost));
  while (!core::is_utf8(shown) && !shown.empty() && text.size() > kMost && shown.size() > kMost - 4) shown.pop_back();
  if (!core::is_utf8(shown)) return "(not UTF-8)";
  for (auto& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return shown;
}

template <class Counts>
void append_counts(std::string& out, std::string_view title, const Counts& counts) {
  out.append(title);
  if (counts.empty()) out += " nothing";
  const char* separator = " ";
  for (const auto& [kind, count] : counts) {
    out.append(separator).append(std::to_string(count)).append(" × ").append(kind);
    separator = ", ";
  }
  out += '\n';
}

template <class Counts>
void append_json(codec::JsonWriter& json, std::string_view name, const Counts& counts) {
  json.key(name).begin_object();
  for (const auto& [kind, count] : counts) json.text_key(kind).number(count);
  json.end_object();
}

}  // namespace

std::expected<void, std::string> Report::write_to(const std::string& file) {
  file_.reset(std::fopen(file.c_str(), "we"));
  if (!file_) return std::unexpected("can't write the report " + file);
  return {};
}

std::uint64_t& Report::count(Counts& counts, std::string_view kind) {
  const auto found = counts.find(kind);
  return found != counts.end() ? found->second : counts[std::string(kind)];
}

void Report::left_out(std::string_view kind, std::string_view where, std::string_view why) {
  auto found = left_out_.find(kind);
  if (found == left_out_.end()) {
    const bool room = left_out_.size() < kMaxKinds;
    found = left_out_.try_emplace(room ? printable(kind) : "other").first;
  }
  auto& reason = found->second;
  ++reason.count;
  if (reason.first.size() < kShown) reason.first.push_back(printable(where) + ": " + printable(why));
  if (!file_) return;
  std::string line;
  codec::JsonWriter json(line);
  json.begin_object().key("kind").string(printable(kind)).key("where").string(printable(where)).key("why");
  json.string(printable(why)).end_object();
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), file_.get());
}

void Report::damaged(std::string_view where, std::string_view why) { left_out(kDamaged, where, why); }

std::uint64_t Report::brought_of(std::string_view kind) const {
  const auto found = brought_.find(kind);
  return found == brought_.end() ? 0 : found->second;
}

std::uint64_t Report::there_of(std::string_view kind) const {
  const auto found = there_.find(kind);
  return found == there_.end() ? 0 : found->second;
}

std::uint64_t Report::left_out_of(std::string_view kind) const {
  const auto found = left_out_.find(kind);
  return found == left_out_.end() ? 0 : found->second.count;
}

std::string Report::text() const {
  std::string out;
  append_counts(out, "brought over:", brought_);
  if (!there_.empty()) append_counts(out, "there already:", there_);
  if (left_out_.empty()) return out + "left out: nothing\n";
  out += "left out:\n";
  for (const auto& [kind, reason] : left_out_) {
    out.append("  ").append(std::to_string(reason.count)).append(" × ").append(kind).append("\n");
    for (const auto& each : reason.first) out.append("      ").append(each).append("\n");
    if (reason.count > reason.first.size()) out += "      …\n";
  }
  return out;
}

std::string Report::json_fields() const {
  std::map<std::string, std::uint64_t> reasons;
  for (const auto& [kind, reason] : left_out_) reasons.emplace(kind, reason.count);
  std::string out;
  codec::JsonWriter json(out);
  append_json(json, "brought", brought_);
  append_json(json, "there", there_);
  append_json(json, "left_out", reasons);
  return out;
}

bool Report::written() { return !file_ || (std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0); }

}  // namespace parley::migrate
