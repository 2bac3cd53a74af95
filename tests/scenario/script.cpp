#include "tests/scenario/script.hpp"

#include <charconv>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <sstream>

#include "tests/scenario/print.hpp"
#include "tests/scenario/verbs.hpp"

namespace parley::scenario {
namespace {

// Of what the client asked: the line without its key.
core::PayloadHash hash_of(const core::UserId& user, std::string_view words) {
  std::string asked{words};
  if (const auto key = asked.find(" key="); key != std::string::npos) asked.erase(key, asked.find(' ', key + 1) - key);
  core::PayloadHash hash{};
  const auto id = core::group_id(user, asked);
  std::copy_n(id.bytes().begin(), hash.size(), hash.begin());
  return hash;
}

std::optional<std::string_view> after(std::string_view line, std::string_view start) {
  return line.starts_with(start) ? std::optional{line.substr(start.size())} : std::nullopt;
}

std::optional<std::chrono::milliseconds> unit_of(std::string_view text) {
  using namespace std::chrono;
  if (text == "ms") return milliseconds{1};
  if (text == "s") return seconds{1};
  if (text == "m") return minutes{1};
  if (text == "h") return hours{1};
  return std::nullopt;
}

}  // namespace

void Script::run(std::string_view line) {
  text_ += std::string{line} + "\n";
  if (line.empty() || line.starts_with('#')) return;
  if (const auto time = after(line, "at ")) return set_clock(*time);
  if (const auto duration = after(line, "after ")) return move_clock(*duration);
  if (const auto name = after(line, "show ")) return show(*name);
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) return fail("neither a command nor at, after, show");
  command({std::string{line.substr(0, colon)}}, line.substr(colon + 2));
}

void Script::fail(const std::string& why) {
  ++errors_;
  answer("  ? " + why);
}

void Script::command(const core::UserId& user, std::string_view text) {
  Words words{text};
  const auto key = words.option("key").value_or("");
  auto payload = payload_of(user, words, names_);
  if (!payload) return fail("no such verb");
  if (const auto error = words.error(); !error.empty()) return fail(error);

  const auto stream = core::stream_for(user, *payload);
  const core::Command command{.id = core::command_id(stream.slot(), now_, ++commands_),
                              .user = user,
                              .key = key,
                              .payload_hash = hash_of(user, text),
                              .stream = stream,
                              .received_at = now_,
                              .payload = *std::move(payload)};
  if (std::holds_alternative<core::SetProfile>(command.payload)) names_.give(user);
  const auto decision = world_.run(command);
  for (const auto& change : decision.changes) answer(line_of(change, names_));
  answer(line_of(decision));
}

void Script::set_clock(std::string_view time) {
  std::tm parts{};
  std::istringstream in{std::string{time}};
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
  if (in.fail()) return fail("not a time like 2026-01-01T09:00:00Z");
  now_.value = std::int64_t{timegm(&parts)} * 1'000;
}

void Script::move_clock(std::string_view duration) {
  std::int64_t count = 0;
  const auto [end, problem] = std::from_chars(duration.begin(), duration.end(), count);
  const auto unit = unit_of({end, duration.end()});
  if (problem != std::errc{} || !unit) return fail("not a duration like 90s (ms, s, m, h)");
  now_.value += count * unit->count();
}

void Script::show(std::string_view name) {
  const auto* workspace = names_.workspace(std::string{name});
  answer(workspace ? view_of(world_.state(), *workspace) : view_of(world_.state(), names_.channel(std::string{name})));
}

}  // namespace parley::scenario
