// Runs a target without libFuzzer: its seeds, the files of its corpus, and changed copies of them all.
//   replay [--runs N] [--write-seeds FOLDER] [CORPUS]
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/mutate.hpp"

namespace parley::fuzz {
namespace {

namespace fs = std::filesystem;

void run(const std::string& input) {
  // A copy that ends where the input ends, so that a sanitizer sees one byte too many.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int write_seeds(const fs::path& folder) {
  fs::create_directories(folder);
  for (std::size_t i = 0; const auto& seed : seeds())
    std::ofstream(folder / ("seed-" + std::to_string(i++)), std::ios::binary) << seed;
  return 0;
}

int replay(std::uint64_t runs, const fs::path& corpus) {
  auto inputs = seeds();
  if (fs::is_directory(corpus))
    for (const auto& file : fs::directory_iterator(corpus)) inputs.push_back(read(file.path()));
  for (const auto& input : inputs) run(input);
  run("");
  Mutator mutator(inputs);
  for (std::uint64_t i = 0; i < runs; ++i) run(mutator.next());
  std::printf("%zu inputs and %llu changed copies\n", inputs.size(), static_cast<unsigned long long>(runs));
  return 0;
}

int main(std::span<char*> arguments) {
  std::uint64_t runs = 10'000;
  fs::path corpus;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const bool has_value = i + 1 < arguments.size();
    if (argument == "--write-seeds" && has_value) return write_seeds(arguments[i + 1]);
    if (argument == "--runs" && has_value) {
      const std::string_view value = arguments[++i];
      std::from_chars(value.data(), value.data() + value.size(), runs);
    } else {
      corpus = argument;
    }
  }
  return replay(runs, corpus);
}

}  // namespace
}  // namespace parley::fuzz

int main(int count, char** arguments) { return parley::fuzz::main({arguments, static_cast<std::size_t>(count)}); }
