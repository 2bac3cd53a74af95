#include <gtest/gtest.h>

#include "codec/json_writer.hpp"

namespace parley::codec {
namespace {

// A string that has to grow in the middle of a document is where a size can be taken for a capacity.
TEST(JsonWriterGrowth, writes_nothing_but_the_document_whatever_room_the_string_has) {
  const std::string name(64, 'n');
  for (std::size_t room = 0; room < 200; ++room) {
    std::string out;
    out.reserve(room);
    out.assign(room, 'x');
    JsonWriter(out).begin_object().key("a").number(1).key(name).string("v").end_object();
    ASSERT_EQ(out, std::string(room, 'x') + R"({"a":1,")" + name + R"(":"v"})") << room;
  }
}

}  // namespace
}  // namespace parley::codec
