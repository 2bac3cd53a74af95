#include "codec/message_row.hpp"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "codec/row_proto.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

std::string row_of(const core::Message& message) {
  std::string row;
  encode_message(message, row);
  return row;
}

TEST(MessageRow, HasTheBytesOfGeneratedCode) {
  Generator any(10);
  for (int i = 0; i < 2'000; ++i) {
    const auto message = any.message();
    rows::Message proto;
    to_proto(message, proto);
    ASSERT_EQ(row_of(message), proto.SerializeAsString());
  }
}

TEST(MessageRow, EveryMessageIsReadBack) {
  Generator any(11);
  for (int i = 0; i < 2'000; ++i) {
    const auto message = any.message();
    ASSERT_EQ(decode_message(message.channel, message.seq, row_of(message)), message);
  }
}

TEST(MessageRow, KeepsANumberOnlyIfItIsNotTheTime) {
  const core::Message plain{.posted_at = {1'772'366'400'000}, .number = {1'772'366'400'000}};
  auto later = plain;
  later.number = later.number.next();
  rows::Message old;
  old.set_posted_at_ms(1'772'366'400'000);
  EXPECT_EQ(row_of(plain), old.SerializeAsString()) << "as a program wrote it that knew of no numbers";
  EXPECT_GT(row_of(later).size(), row_of(plain).size());
  for (const auto& message : {plain, later}) {
    EXPECT_EQ(MessageView::parse(row_of(message))->number, message.number);
    EXPECT_EQ(number_of(row_of(message)), message.number);
  }
}

TEST(MessageRow, ANumberIsFoundWithoutReadingTheRowWhole) {
  Generator any(13);
  for (int i = 0; i < 500; ++i) {
    const auto message = any.message();
    ASSERT_EQ(number_of(row_of(message)), message.number);
  }
}

TEST(MessageRow, IsAppendedToWhatIsThere) {
  const core::Message message{.version = {7}};
  std::string out = "x";
  encode_message(message, out);
  EXPECT_EQ(out, "x\x08\x07");
}

TEST(MessageRow, AViewPointsIntoTheRow) {
  const auto row = row_of({.author = {"ada"}, .text = "hello"});
  const auto view = MessageView::parse(row);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->text, "hello");
  EXPECT_GE(view->text.data(), row.data());
  EXPECT_LE(view->text.data() + view->text.size(), row.data() + row.size());
}

TEST(MessageRow, AnEmptyRowIsAnEmptyMessage) {
  const auto view = MessageView::parse("");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->text, "");
  EXPECT_FALSE(view->edited_at);
}

TEST(MessageRow, FieldsOfALaterProgramAreSkipped) {
  rows::Message proto;
  proto.set_text("hello");
  const auto row = proto.SerializeAsString() + "\xa2\x06\x03new" + "\xa8\x06\x01" + "\xad\x06zzzz" + "\xb1\x06zzzzzzzz";
  const auto view = MessageView::parse(row);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->text, "hello");
}

TEST(MessageRow, ACutRowIsNoneOrAShorterMessageAndNeverMore) {
  const google::protobuf::LogSilencer quiet;  // a cut in the middle of a character
  Generator any(12);
  for (int i = 0; i < 200; ++i) {
    const auto row = row_of(any.message());
    for (std::size_t size = 0; size < row.size(); ++size) {
      rows::Message proto;
      const std::string cut(row, 0, size);
      ASSERT_EQ(MessageView::parse(cut).has_value(), proto.ParseFromString(cut));
    }
  }
}

TEST(MessageRow, BrokenBytesAreNone) {
  using namespace std::string_view_literals;
  for (const auto row : {"\x08"sv, "\x08\x80"sv, "\x12\x05xx"sv, "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv, "\x00\x01"sv,
                         "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv, "\x0b"sv, "\x0c"sv, "\x0e"sv, "\x0f"sv,
                         "\x09zzz"sv, "\x0dzzz"sv, "\x80\x80\x80\x80\x10\x01"sv, "\x1a\x01\xff"sv, "\x12\x01\xc3"sv})
    EXPECT_FALSE(MessageView::parse(row));
}

}  // namespace
}  // namespace parley::codec
