#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "auth/token.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::auth {
namespace {

using ::testing::HasSubstr;

class SecretFile : public ::testing::Test {
 protected:
  void write(std::string_view text) const { std::ofstream(file_, std::ios::binary) << text; }

  testing::TempDir dir_;
  const std::filesystem::path file_ = dir_ / "secret";
};

TEST_F(SecretFile, IsMadeOnceForItsOwnerAloneAndReadFromThenOn) {
  const auto made = load_secret(file_, true);
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(made->size(), 43U) << "32 bytes";
  struct stat info{};
  ASSERT_EQ(::stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(load_secret(file_, true), *made);
  EXPECT_EQ(load_secret(file_, false), *made);
}

TEST_F(SecretFile, IsAnotherOneEachTimeItIsMade) {
  EXPECT_NE(load_secret(dir_ / "one", true), load_secret(dir_ / "other", true));
}

TEST_F(SecretFile, IsNotMadeUnlessAskedFor) {
  const auto missing = load_secret(file_, false);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error(), HasSubstr(file_.string()));
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(SecretFile, MayEndInWhiteSpaceThatDoesNotCount) {
  write("sixteen or more bytes \t\r\n\n");
  EXPECT_EQ(load_secret(file_, false), "sixteen or more bytes");
}

TEST_F(SecretFile, KeepsWhiteSpaceElsewhereAndZeroBytes) {
  const std::string secret(" a secret\n of\0 bytes", 20);
  write(secret);
  EXPECT_EQ(load_secret(file_, false), secret);
}

TEST_F(SecretFile, IsRefusedWhenItIsShort) {
  write("fifteen bytes..\n");
  EXPECT_FALSE(load_secret(file_, false));
  write("");
  EXPECT_FALSE(load_secret(file_, true)) << "an empty file is not filled: somebody made it";
  write("sixteen bytes...");
  EXPECT_TRUE(load_secret(file_, false));
}

TEST_F(SecretFile, ThatIsADirectoryIsAnErrorThatNamesIt) {
  std::filesystem::create_directory(file_);
  for (const bool make : {true, false}) {
    const auto none = load_secret(file_, make);
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error(), HasSubstr(file_.string()));
  }
}

TEST_F(SecretFile, InADirectoryThatIsNotThereIsAnErrorThatNamesIt) {
  const auto made = load_secret(dir_ / "none" / "secret", true);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), HasSubstr("none/secret"));
}

}  // namespace
}  // namespace parley::auth
