#include "dialect/social_media/views.hpp"

#include "core/ids.hpp"
#include "dialect/times.hpp"

namespace parley::dialect::social_media {

namespace {

std::uint64_t number_of_user(std::string_view id) { return core::number_of(core::UserId{std::string(id)}).value; }

Json or_null(const Json& object, std::string_view field) {
  const auto it = object.is_object() ? object.find(field) : object.end();
  return it == object.end() ? Json() : *it;
}

}  // namespace

Json user_view(const Json& user, const Json& account) {
  const auto id = text_in(user, "id");
  return {{"id", number_of_user(id)},
          {"email", id},
          {"name", text_in(user, "name")},
          {"enabled", account.is_object() ? account.value("enabled", true) : true},
          {"role", has_text(account, "role") ? text_in(account, "role") : "NORMAL"},
          {"createdAt", or_null(user, "created_at")}};
}

Json channel_view(const Json& channel) {
  const auto ours = or_null(or_null(channel, "metadata"), kOurs);
  return {{"id", channel["number"]},
          {"displayName", text_in(channel, "name")},
          {"avatarPath", has_text(ours, "avatarPath") ? ours["avatarPath"] : Json()},
          {"createdAt", or_null(channel, "created_at")},
          {"updatedAt", nullptr}};
}

Json chat_view(const Json& message, std::uint64_t channel, const Stages& stages) {
  const auto number = number_in(message);
  const bool is_retracted = message.value("retracted", false);
  return {{"id", number},
          {"channelId", channel},
          {"senderId", number_of_user(text_in(message, "author"))},
          {"text", text_in(message, "text")},
          {"ignoredUserIds", Json::array()},
          {"isRetract", is_retracted},
          {"createdAt", iso_of(number)},
          {"updatedAt", or_null(message, is_retracted ? "retracted_at" : "edited_at")},
          {"publishAt", iso_of(number)},
          {"deliveredAt", stages.delivered_at},
          {"ackedAt", stages.read_at}};
}

std::uint64_t seq_of(const Json& message) { return message["seq"].get<std::uint64_t>(); }

}  // namespace parley::dialect::social_media
