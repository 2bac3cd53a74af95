#include "ingest/dialects/room_chat/message.hpp"

#include <algorithm>

#include "dialect/times.hpp"

namespace parley::ingest::dialects::room_chat {

using dialect::iso_of;

namespace {

constexpr std::string_view kOurs = "room_chat";

}  // namespace

Json kept(const Json& frame) {
  Json ours = Json::object();
  if (dialect::has_text(frame, "name")) ours["name"] = frame["name"];
  return Json{{kOurs, std::move(ours)}};
}

Json broadcast(const Json& message, const std::string& room) {
  const auto posted_at = dialect::number_in(message);
  const bool is_deleted = message.value("retracted", false) || message.value("erased", false);
  const auto changed_at = std::max({posted_at, dialect::ms_in(message, "edited_at"), dialect::ms_in(message, "retracted_at")});
  Json frame = {{"action", "onMessage"}};
  const auto& metadata = message.value("metadata", Json::object());
  if (const auto ours = metadata.find(kOurs); ours != metadata.end() && dialect::has_text(*ours, "name"))
    frame["name"] = (*ours)["name"];
  frame["userId"] = dialect::text_in(message, "author");
  if (!is_deleted) frame["message"] = dialect::text_in(message, "text");
  frame["room"] = room;
  frame["postedAt"] = iso_of(posted_at);
  if (is_deleted) frame["isDeleted"] = true;
  frame["modifiedAt"] = iso_of(changed_at);
  return frame;
}

}  // namespace parley::ingest::dialects::room_chat
