#include "ingest/dialects/pagenow/frames.hpp"

#include "dialect/pagenow/message.hpp"
#include "dialect/pagenow/pagenow.hpp"

namespace parley::ingest::dialects::pagenow {

namespace {

using dialect::pagenow::kName;
constexpr std::string_view kTempMessageId = "tempMessageId";

// Null: it was posted by another system's client.
Json temp_message_id(const Json& message) {
  const auto metadata = message.value("metadata", Json::object());
  const auto ours = metadata.find(kName);
  if (ours == metadata.end() || !ours->is_object()) return nullptr;
  const auto it = ours->find(kTempMessageId);
  return it == ours->end() ? Json(nullptr) : *it;
}

}  // namespace

Json new_message(const Json& message) {
  return {{"type", "new-message"},
          {"messageId", dialect::pagenow::message_id(message)},
          {"tempMessageId", temp_message_id(message)},
          {"conversationId", dialect::text_in(message, "channel_id")},
          {"senderId", dialect::text_in(message, "author")},
          {"content", dialect::text_in(message, "text")},
          {"sentAt", dialect::pagenow::sent_at(message)}};
}

Json messages_read(const std::string& conversation, const std::string& user) {
  return {{"type", "read-messages"}, {"conversationId", conversation}, {"userId", user}};
}

Json refused(const dialect::pagenow::Refusal& refusal) { return {{"statusCode", refusal.status}, {"body", refusal.body}}; }

Json kept(const Json& temp_message_id) {
  Json ours = Json::object();
  ours[kTempMessageId] = temp_message_id;
  Json metadata = Json::object();
  metadata[kName] = std::move(ours);
  return metadata;
}

}  // namespace parley::ingest::dialects::pagenow
