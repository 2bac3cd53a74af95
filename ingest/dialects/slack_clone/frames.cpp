#include "ingest/dialects/slack_clone/frames.hpp"

#include "dialect/slack_clone/answers.hpp"
#include "dialect/times.hpp"

namespace parley::ingest::dialects::slack_clone {

using dialect::text_in;

namespace {

constexpr std::string_view kOurs = "slack_clone";

// As a text, in which the order of its keys is safe. A native client may have put anything there; null: no direct message.
Json sent(const Json& message) {
  const auto metadata = message.value("metadata", Json::object());
  const auto ours = metadata.find(kOurs);
  if (ours == metadata.end()) return nullptr;
  auto frame = dialect::parse_json(text_in(*ours, "frame")).value_or(nullptr);
  const bool is_whole = is_direct(text_in(frame, "action")) && dialect::has_text(frame, "sender") &&
                        dialect::has_text(frame, "receiver") && frame.contains("message");
  return is_whole ? std::move(frame) : Json(nullptr);
}

}  // namespace

bool is_direct(std::string_view action) { return action == "dm_chat" || action == "dmChat"; }

Json kept(Json frame) {
  frame["message"] = nullptr;  // the message's own text
  return {{kOurs, {{"frame", dialect::text_of(frame)}}}};
}

Json direct_frame(const Json& message, std::string_view receiver) {
  auto frame = sent(message);
  if (frame.is_null())
    frame = {{"action", "dm_chat"},
             {"sender", nullptr},
             {"receiver", nullptr},
             {"message", nullptr},
             {"createdAt", std::to_string(dialect::number_in(message))}};
  frame["sender"] = text_in(message, "author");
  frame["receiver"] = std::string(receiver);
  frame["message"] = text_in(message, "text");
  return frame;
}

Json channel_frame(const Json& message, std::string_view workspace) {
  return {{"sender", text_in(message, "author")},
          {"channel_id", text_in(message, "channel_id")},
          {"workspace_id", std::string(workspace)},
          {"message", text_in(message, "text")},
          {"createdAt", dialect::float_seconds_of(dialect::number_in(message))}};
}

}  // namespace parley::ingest::dialects::slack_clone
