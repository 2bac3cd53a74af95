// One test for each script of this folder: what its commands come to is what the file says. PARLEY_REGENERATE=1 writes the
// files anew, to be read by a person before they are committed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenario/script.hpp"

namespace parley::scenario {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> scripts() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(PARLEY_SCENARIOS)) {
    if (entry.path().extension() == ".txt" && entry.path().stem() != "CMakeLists") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

std::string contents(const fs::path& path) {
  std::ifstream in{path};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Scenario : public testing::TestWithParam<fs::path> {};

TEST_P(Scenario, comes_out_as_written) {
  const auto written = contents(GetParam());
  std::istringstream lines{written};
  Script script;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' ')) script.run(line);
  }
  EXPECT_EQ(script.errors(), 0) << script.text();
  if (std::getenv("PARLEY_REGENERATE")) {
    std::ofstream{GetParam()} << script.text();
  } else {
    EXPECT_EQ(script.text(), written);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Scenario, testing::ValuesIn(scripts()),
                         [](const auto& script) { return script.param.stem().string(); });

}  // namespace
}  // namespace parley::scenario
