#include "migrate/slack/message.hpp"

#include <algorithm>

#include "codec/json_writer.hpp"
#include "codec/limits.hpp"
#include "migrate/source.hpp"

namespace parley::migrate::slack {
namespace {

constexpr std::string_view kSpoken[] = {"bot_message",     "file_comment",      "file_share",      "me_message",
                                        "reply_broadcast", "slackbot_response", "thread_broadcast"};

void append_line(std::string& out, const std::string& line) {
  if (line.empty()) return;
  if (!out.empty()) out += '\n';
  out += line;
}

std::string name_of_file(const Fields& file) {
  for (const auto* name : {"name", "title", "id"})
    if (auto text = file.text(name); !text.empty()) return text;
  return "file";
}

// Long ago there was but one to a message.
std::vector<Fields> files_of(const Message& message) {
  auto files = message.fields.objects("files");
  if (auto file = message.fields.object("file"); files.empty() && !file.empty()) files.push_back(std::move(file));
  return files;
}

}  // namespace

bool Message::speaks() const { return subtype.empty() || std::ranges::find(kSpoken, subtype) != std::end(kSpoken); }

std::optional<core::TimeMs> time_of_ts(std::string_view ts) {
  const auto dot = ts.find('.');
  const auto seconds = codec::plain_integer(ts.substr(0, dot), 0, codec::kMaxNumber / 1000);
  if (!seconds) return std::nullopt;
  std::int64_t ms = static_cast<std::int64_t>(*seconds) * 1000;
  if (dot == std::string_view::npos) return core::TimeMs{ms};
  const auto fraction = ts.substr(dot + 1);
  if (fraction.empty() || fraction.size() > 9 || !std::ranges::all_of(fraction, [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  for (std::size_t i = 0, weight = 100; i < 3 && i < fraction.size(); ++i, weight /= 10)
    ms += static_cast<std::int64_t>(weight) * (fraction[i] - '0');
  return core::TimeMs{ms};
}

std::expected<Message, std::string> read_message(std::string_view element) {
  auto fields = Fields::read(element);
  if (!fields) return std::unexpected("it is no JSON object");
  Message message{.type = fields->text("type"), .subtype = fields->text("subtype"), .ts = fields->text("ts")};
  const auto at = time_of_ts(message.ts);
  if (!at) return std::unexpected("it has no time");
  message.at = *at;
  message.user = fields->text("user");
  if (message.user.empty()) message.user = fields->object("comment").text("user");  // of a file_comment
  message.bot_id = fields->text("bot_id");
  message.bot_name = fields->text("username");
  if (message.user.empty() && message.bot_id.empty() && !message.bot_name.empty())
    message.bot_id = std::to_string(hash_of(message.bot_name));
  message.inviter = fields->text("inviter");
  message.thread_ts = fields->text("thread_ts");
  if (const auto edited = fields->object("edited"); !edited.text("ts").empty()) {
    const auto edited_at = time_of_ts(edited.text("ts"));
    if (edited_at) message.edited_ts = edited.text("ts");
    message.edited_at = edited_at.value_or(core::TimeMs{});
  }
  for (const auto& reaction : fields->objects("reactions"))
    message.reactions.push_back({reaction.text("name"), reaction.texts("users")});
  message.fields = std::move(*fields);
  return message;
}

std::string text_of(const Message& message, const Names& names) {
  auto text = plain_text(message.fields.text("text"), names);
  if (!text.empty()) return text;
  for (const auto& attachment : message.fields.objects("attachments")) {
    append_line(text, plain_text(attachment.text("pretext"), names));
    auto words = attachment.text("text");
    append_line(text, plain_text(attachment.text("title"), names));
    if (words.empty() && attachment.text("title").empty()) words = attachment.text("fallback");
    append_line(text, plain_text(words, names));
  }
  if (!text.empty()) return text;
  for (const auto& file : files_of(message)) append_line(text, name_of_file(file));
  return text;
}

std::string attachments_of(const Message& message, std::size_t& left) {
  std::string list = "[";
  std::size_t count = 0;
  left = 0;
  for (const auto& file : files_of(message)) {
    std::string item;
    codec::JsonWriter json(item);
    json.begin_object().key("name").string(name_of_file(file));
    for (const auto* name : {"url_private", "permalink"})
      if (const auto url = file.text(name); !url.empty()) {
        json.key("url").string(url);
        break;
      }
    if (const auto type = file.text("mimetype"); !type.empty()) json.key("content_type").string(type);
    if (const auto size = file.number("size"); size > 0) json.key("size").number(size);
    json.end_object();
    if (count == codec::kMaxAttachments || list.size() + item.size() + 2 > codec::kMaxAttachmentsBytes) {
      ++left;
      continue;
    }
    if (count++ > 0) list += ',';
    list += item;
  }
  return count == 0 ? std::string() : list + "]";
}

std::string metadata_of(const Message& message) {
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object().key("slack").begin_object().key("ts").string(message.ts);
  if (!message.edited_ts.empty()) json.key("text").string("as last edited");
  json.end_object().end_object();
  return out;
}

}  // namespace parley::migrate::slack
