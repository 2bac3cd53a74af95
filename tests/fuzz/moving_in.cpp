// What is read of exports: a line of Parley's own form, an element of Slack's day files.
#include "codec/json_reader.hpp"
#include "codec/text_rules.hpp"
#include "migrate/jsonl.hpp"
#include "migrate/slack/emoji.hpp"
#include "migrate/slack/message.hpp"
#include "migrate/source.hpp"
#include "tests/fuzz/fuzz.hpp"

std::vector<std::string> parley::fuzz::seeds() {
  const std::string tail = R"(,"user":"alice","at":"2020-01-02T03:04:05.678Z"})";
  return {
      R"({"type":"message","id":"m1","channel":"c","text":"Hi","reply_to":"m0","attachments":[{"a":1}],"metadata":{"b":[]})" +
          tail,
      R"({"type":"channel","id":"c","kind":"private","workspace":"w","name":"n","topic":"t","members":["bob"])" + tail,
      R"({"type":"member","channel":"c","member":"bob","role":"admin")" + tail,
      R"({"type":"reaction","channel":"c","message":"m1","emoji":"👍","on":false)" + tail,
      R"({"type":"update","channel":"c","archived":true,"name":"x")" + tail,
      R"({"type":"message","user":"U1","text":"<@U1> &lt; <http://a.example|b> <#C1|x>","ts":"1355517523.000005","thread_ts":"1.0",)"
      R"("edited":{"user":"U1","ts":"2.5"},"reactions":[{"name":"+1::skin-tone-2","users":["U1"]}],)"
      R"("files":[{"name":"a.pdf","mimetype":"application/pdf","size":12,"url_private":"https://f.example/a"}],)"
      R"("attachments":[{"pretext":"p","text":"t","fallback":"f"}]})",
      R"({"type":"message","subtype":"file_comment","text":"","file":{"id":"F1","name":"x.txt"},"comment":{"user":"U1"},"ts":"1.5"})",
      R"({"type":"message","subtype":"bot_message","bot_id":null,"username":"hook","text":"x","ts":"1.5"})",
      R"({"type":"message","subtype":"channel_join","user":"U1","inviter":"U2","text":"","ts":"1.5"})"};
}

namespace {

using namespace parley;
using fuzz::must_hold;

void check_line(std::string_view text) {
  const auto entry = migrate::read_jsonl_line(text);
  if (!entry) {
    must_hold(!entry.error().empty(), "what is wrong with a line is said");
    return;
  }
  must_hold(entry->at.value >= 0, "a time is one that the log can have");
  const auto* post = std::get_if<migrate::Post>(&entry->what);
  if (post == nullptr) return;
  must_hold(codec::wrong_with_text(post->text).empty(), "a text is one that the log can have");
  const auto key = migrate::Source("source").key({"message", post->channel, post->id});
  must_hold(codec::wrong_with_key(key).empty(), "a key is one");
}

void check_message(std::string_view text) {
  namespace slack = migrate::slack;
  const auto message = slack::read_message(text);
  if (!message) return;
  const slack::Names names{.user = [](auto id) { return id == "U1" ? std::string("ann") : std::string(); },
                           .channel = [](auto) { return std::string("general"); }};
  must_hold(core::is_utf8(slack::text_of(*message, names)), "a text is UTF-8");
  must_hold(codec::is_compact_json(slack::metadata_of(*message), codec::JsonValue::Kind::Object), "metadata is JSON");
  std::size_t left = 0;
  const auto files = slack::attachments_of(*message, left);
  if (files.empty()) return;
  must_hold(codec::is_compact_json(files, codec::JsonValue::Kind::Array), "attachments are JSON");
  must_hold(codec::wrong_with_attachments(files).empty(), "and within their bounds");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::view(data, size);
  check_line(text);
  check_message(text);
  if (!core::is_utf8(text)) return 0;
  must_hold(core::is_utf8(migrate::slack::emoji_of(text)), "an emoji is UTF-8");
  return 0;
}
