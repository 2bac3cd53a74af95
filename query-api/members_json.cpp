#include "query-api/members_json.hpp"

#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "codec/row_proto.hpp"

namespace parley::query_api {

namespace pb = parley::internal::v1;

std::string members_json(const pb::MembersAnswer& answer) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("members").begin_array();
  for (const auto& member : answer.members())
    json.value([&](std::string& out) {
      codec::append_member(out, {member.user()}, static_cast<core::Role>(member.role()), {member.joined_at_ms()});
    });
  json.end_array().key("has_more").boolean(answer.has_more());
  if (answer.has_more()) json.key("next").string(answer.members().rbegin()->user());
  json.end_object();
  return body;
}

bool append_channel_answer(std::string& out, const pb::ChannelAnswer& answer) {
  const auto id = core::ChannelId::from_bytes(answer.id());
  const auto head = id ? codec::from_proto(*id, answer.row()) : std::nullopt;
  if (!head) return false;
  codec::append_channel(out, *head, answer.joined());
  return true;
}

bool append_channels(std::string& out, const pb::ChannelsAnswer& answer) {
  bool sound = true;
  codec::JsonWriter json(out);
  json.begin_object().key("channels").begin_array();
  for (const auto& one : answer.channels())
    json.value([&](std::string& to) { sound = append_channel_answer(to, one) && sound; });
  json.end_array().end_object();
  return sound;
}

codec::InvalidInput no_past() {
  return {codec::Problem::InvalidArgument, "as_of: a workspace has no past", {{"as_of", "a workspace has no past"}}};
}

}  // namespace parley::query_api
