#include "migrate/jsonl.hpp"

#include <algorithm>

#include "codec/client_fields.hpp"

namespace parley::migrate {
namespace {

using codec::ClientFields;
using codec::JsonValue;

std::string_view wrong_with_id(std::string_view id) {
  static_assert(kMaxSourceIdCharacters == 64);
  if (id.empty() || core::count_characters(id) > kMaxSourceIdCharacters) return "must have 1 to 64 characters";
  return core::has_control_characters(id) ? "must not have control characters" : "";
}

std::string id(ClientFields& fields, std::string_view name) { return fields.text(name, wrong_with_id); }
std::string optional_id(ClientFields& fields, std::string_view name) {
  return fields.optional_text(name, wrong_with_id).value_or("");
}

// --- one for each type; the fields that all have were taken
using What = decltype(Entry::what);
constexpr std::size_t kMaxMembersOfALine = 10'000;

What user(ClientFields& fields, const core::UserId& by) {
  return NewUser{by, fields.text("name", codec::wrong_with_name),
                 fields.optional_text("avatar_url", codec::wrong_with_avatar_url)};
}

What workspace(ClientFields& fields, const core::UserId& by) {
  return NewWorkspace{id(fields, "id"), by, fields.text("name", codec::wrong_with_name)};
}

core::ChannelKind kind(ClientFields& fields) {
  const auto name = fields.text("kind");
  if (name == "private") return core::ChannelKind::Private;
  if (name == "group") return core::ChannelKind::Group;
  if (name == "direct") return core::ChannelKind::Direct;
  if (name != "public") fields.wrong("kind", "must be public, private, group or direct");
  return core::ChannelKind::Public;
}

What channel(ClientFields& fields, const core::UserId& by) {
  NewChannel made{.id = id(fields, "id"), .by = by, .kind = kind(fields)};
  const bool in_workspace = made.kind == core::ChannelKind::Public || made.kind == core::ChannelKind::Private;
  if (in_workspace) made.workspace = id(fields, "workspace");
  if (in_workspace) made.name = fields.text("name", codec::wrong_with_name);
  if (made.kind == core::ChannelKind::Group) made.name = fields.optional_text("name", codec::wrong_with_name).value_or("");
  if (made.kind != core::ChannelKind::Direct) made.topic = fields.optional_text("topic", codec::wrong_with_topic).value_or("");
  made.members = fields.optional_users("members", kMaxMembersOfALine).value_or(std::vector<core::UserId>{});
  if (made.kind == core::ChannelKind::Direct && made.members.size() > 1) fields.wrong("members", "must be the other one alone");
  return made;
}

// Who comes or goes, himself unless another one is named.
core::UserId member(ClientFields& fields, const core::UserId& by) { return fields.optional_user("member").value_or(by); }

What join(ClientFields& fields, const core::UserId& by) {
  const auto who = member(fields, by);
  const auto role = fields.optional_role("role");
  if (fields.has("workspace")) return WorkspaceJoin{id(fields, "workspace"), by, who, role};
  return Join{id(fields, "channel"), by, who, role};
}

What leave(ClientFields& fields, const core::UserId& by) {
  const auto who = member(fields, by);
  if (fields.has("workspace")) return WorkspaceLeave{id(fields, "workspace"), by, who};
  return Leave{id(fields, "channel"), by, who};
}

What update(ClientFields& fields, const core::UserId& by) {
  Update update{.channel = id(fields, "channel"), .by = by};
  update.name = fields.optional_text("name", codec::wrong_with_name);
  update.topic = fields.optional_text("topic", codec::wrong_with_topic);
  update.archived = fields.optional_boolean("archived");
  if (!update.name && !update.topic && !update.archived) fields.wrong("name", "or topic or archived is missing");
  return update;
}

What message(ClientFields& fields, const core::UserId& by) {
  Post post{.channel = id(fields, "channel"), .id = id(fields, "id"), .by = by};
  post.text = fields.text("text", codec::wrong_with_text);
  post.reply_to = optional_id(fields, "reply_to");
  post.attachments = fields.optional_json("attachments", JsonValue::Kind::Array, codec::wrong_with_attachments);
  post.metadata = fields.optional_json("metadata", JsonValue::Kind::Object, codec::wrong_with_metadata);
  return post;
}

What edit(ClientFields& fields, const core::UserId& by) {
  return Edit{id(fields, "channel"), id(fields, "message"), by, fields.text("text", codec::wrong_with_text)};
}

What retract(ClientFields& fields, const core::UserId& by) { return Retract{id(fields, "channel"), id(fields, "message"), by}; }

What reaction(ClientFields& fields, const core::UserId& by) {
  return Reaction{id(fields, "channel"), id(fields, "message"), by, fields.text("emoji", codec::wrong_with_emoji),
                  fields.optional_boolean("on").value_or(true)};
}

What pin(ClientFields& fields, const core::UserId& by) {
  return Pin{id(fields, "channel"), id(fields, "message"), by, fields.optional_boolean("on").value_or(true)};
}

What read(ClientFields& fields, const core::UserId& by) {
  return Read{id(fields, "channel"), by, optional_id(fields, "message")};
}

struct Type {
  std::string_view name;
  What (*read)(ClientFields& fields, const core::UserId& by);
};
constexpr Type kTypes[] = {{"message", message},     {"reaction", reaction}, {"edit", edit},   {"user", user},
                           {"workspace", workspace}, {"channel", channel},   {"member", join}, {"leave", leave},
                           {"update", update},       {"retract", retract},   {"pin", pin},     {"read", read}};

}  // namespace

std::expected<Entry, std::string> read_jsonl_line(std::string_view line) {
  auto fields = ClientFields::read(line);
  if (!fields) {
    const auto& [code, detail, errors] = fields.error();
    return std::unexpected(errors.empty() ? detail : errors.front().detail);  // of a line, which has no body
  }
  const auto name = fields->text("type");
  const auto* type = std::ranges::find(kTypes, name, &Type::name);
  if (type == std::end(kTypes)) return std::unexpected("type: must be one of those that are documented");
  const auto by = fields->user("user");
  const auto at = fields->optional_time("at");
  if (!at && !fields->has("at")) fields->wrong("at", "is missing or wrong");
  Entry entry{.at = at.value_or(core::TimeMs{}), .what = type->read(*fields, by)};
  if (auto wrong = fields->finish()) return std::unexpected(std::move(wrong->detail));
  entry.mark = std::to_string(entry.at.value);
  entry.keep_refused = true;
  return entry;
}

bool Jsonl::run(Sink& sink, const std::function<bool(std::uint64_t)>& progress) {
  constexpr std::uint64_t kLinesBetween = 64;
  while (const auto line = file_.next()) {
    if (line->number % kLinesBetween == 1 && !progress(file_.bytes_read())) return false;
    const auto where = "line " + std::to_string(line->number);
    if (line->too_long) {
      sink.damaged(where, "it has more than 1048576 bytes");
      continue;
    }
    if (line->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto entry = read_jsonl_line(line->text);
    if (!entry) {
      sink.damaged(where, line->unended ? "the file ends in the middle of it: " + entry.error() : entry.error());
      continue;
    }
    entry->where = where;
    if (!sink.take(std::move(*entry))) return false;
  }
  if (file_.failed()) sink.damaged("the file", "it can't be read any further");
  return progress(file_.bytes_read());
}

}  // namespace parley::migrate
