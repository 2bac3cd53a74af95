#include "store/generation.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>

#include "store/durable_file.hpp"

namespace parley::store {
namespace {

constexpr std::string_view kPrefix = "gen-";
constexpr const char* kCurrent = "CURRENT";

std::unexpected<StoreError> failed(const std::filesystem::path& path, const std::string& what) {
  return std::unexpected(StoreError{path.string() + ": " + what});
}

std::string name_of(Generation generation) {
  char name[24];
  std::snprintf(name, sizeof name, "gen-%06u", generation);
  return name;
}

std::optional<Generation> generation_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  Generation generation = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), generation);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return generation;
}

}  // namespace

Stored<Generations> Generations::open(std::filesystem::path dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return failed(dir, error.message());
  return Generations(std::move(dir));
}

std::filesystem::path Generations::path_of(Generation generation) const { return dir_ / name_of(generation); }

Stored<std::optional<Generation>> Generations::current() const {
  const auto path = dir_ / kCurrent;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (error) return failed(path, error.message());
    return std::nullopt;
  }
  std::string name;
  std::ifstream(path) >> name;
  const auto generation = generation_of(name);
  if (!generation) return failed(path, "names no generation: '" + name + "'");
  return generation;
}

Stored<std::vector<Generation>> Generations::list() const {
  std::vector<Generation> generations;
  std::error_code error;
  for (std::filesystem::directory_iterator it(dir_, error), end; !error && it != end; it.increment(error)) {
    if (const auto generation = generation_of(it->path().filename().string())) generations.push_back(*generation);
  }
  if (error) return failed(dir_, error.message());
  std::ranges::sort(generations);
  return generations;
}

Stored<Generation> Generations::make_next() {
  const auto generations = list();
  if (!generations) return std::unexpected(generations.error());
  const Generation next = generations->empty() ? 1 : generations->back() + 1;
  std::error_code error;
  std::filesystem::create_directory(path_of(next), error);
  if (error) return failed(path_of(next), error.message());
  if (auto synced = sync_directory(dir_); !synced) return std::unexpected(std::move(synced.error()));
  return next;
}

Stored<void> Generations::switch_to(Generation generation) {
  std::error_code error;
  if (!std::filesystem::is_directory(path_of(generation), error)) return failed(path_of(generation), "is not there");
  return replace_file(dir_ / kCurrent, name_of(generation) + "\n");
}

}  // namespace parley::store
