#include "bench/dialect_talk.hpp"

#include <algorithm>

namespace parley::bench {

namespace {

constexpr std::size_t kMembersAtOnce = 1000;  // of a creation

std::string bearer(const Person& person) { return "Authorization: Bearer " + person.token + "\r\n"; }
std::string no_headers(const Person& /*person*/) { return {}; }
std::string no_greeting(const Place& /*place*/) { return {}; }

// With so many members as a creation takes; the others are invited.
Place made(HttpClient& http, std::span<const Person> people, Json channel) {
  const auto& owner = people.front().token;
  const auto others = people.subspan(1);
  const auto at_once = std::min(others.size(), kMembersAtOnce);
  auto& members = channel["members"] = Json::array();
  for (const auto& each : others.first(at_once)) members.push_back(each.id);
  const auto answer = http.call("POST", "/v1/channels", owner, channel);
  Place place{.channel = answer["id"], .number = answer["number"].dump(), .workspace = {}, .room = {}};
  for (const auto& each : others.subspan(at_once))
    http.call("PUT", "/v1/channels/" + place.channel + "/members/" + each.id, owner);
  return place;
}

Place group(HttpClient& http, std::span<const Person> people) { return made(http, people, {{"kind", "group"}}); }

Place room(HttpClient& http, std::span<const Person> people) {
  const auto answer = http.call("PUT", "/v1/rooms/bench", people.front().token);
  return {.channel = answer["id"], .number = {}, .workspace = {}, .room = "bench"};
}

// Its users are those who have a profile.
Place workspace_channel(HttpClient& http, std::span<const Person> people) {
  const auto& owner = people.front().token;
  const std::string workspace = http.call("POST", "/v1/workspaces", owner, {{"name", "bench"}})["id"];
  for (const auto& each : people) {
    http.call("PUT", "/v1/users/me", each.token, {{"name", each.id}});
    if (&each != &people.front()) http.call("PUT", "/v1/workspaces/" + workspace + "/members/" + each.id, owner);
  }
  auto place = made(http, people, {{"kind", "private"}, {"workspace_id", workspace}, {"name", "bench"}});
  place.workspace = workspace;
  return place;
}

std::string native_post(const Place& place, const Person& /*author*/, const std::string& text) {
  return R"({"id":1,"type":"post_message","channel_id":")" + place.channel + R"(","text":")" + text + "\"}";
}
std::string slack_post(const Place& place, const Person& author, const std::string& text) {
  return Json{{"action", "channelChat"},
              {"message", text},
              {"sender", author.id},
              {"channel_id", place.channel},
              {"workspace_id", place.workspace}}
      .dump();
}
std::string room_post(const Place& place, const Person& /*author*/, const std::string& text) {
  return Json{{"action", "onMessage"}, {"room", place.room}, {"message", text}}.dump();
}
std::string pagenow_post(const Place& place, const Person& /*author*/, const std::string& text) {
  return Json{
      {"action", "send-message"}, {"tempMessageId", text.substr(1)}, {"conversationId", place.channel}, {"content", text}}
      .dump();
}
std::string social_post(const Place& place, const Person& /*author*/, const std::string& text) {
  return R"({"channelId":)" + place.number + R"(,"text":")" + text + "\"}";
}

std::string native_path(const Place& /*place*/, const Person& /*person*/) { return "/v1/ws"; }
std::string batch_headers(const Person& person) { return bearer(person) + "Sec-WebSocket-Protocol: parley.v1.batch\r\n"; }
std::string nothing(const Place& /*place*/) { return R"({"action":"nothing"})"; }  // is refused: an answer

const DialectTalk kTalks[] = {
    {"native", group, native_path, bearer, no_greeting, native_post, {}, R"("type":"error")"},
    {"native_batch", group, native_path, batch_headers, no_greeting, native_post, {}, R"("type":"error")"},
    {"slack_clone",
     workspace_channel,
     [](const Place&, const Person&) { return std::string("/"); },
     bearer,
     nothing,
     slack_post,
     {},
     R"({"message":)"},
    {"room_chat",
     room,
     [](const Place&, const Person& person) { return "/?token=" + person.token; },
     no_headers,
     [](const Place& place) { return Json{{"action", "onJoin"}, {"room", place.room}, {"name", "bench"}}.dump(); },
     room_post,
     {},
     R"({"statusCode":4)"},
    {"pagenow",
     group,
     [](const Place&, const Person& person) { return "/?Authorization=" + person.token; },
     no_headers,
     nothing,
     pagenow_post,
     {},
     R"({"statusCode":)"},
    {"social_media", group,
     [](const Place& place, const Person& person) { return "/?clientid=clientid_" + place.number + "&email=" + person.id; },
     bearer, nothing, social_post, "/api/v1/chats", " "},
};

}  // namespace

const DialectTalk* dialect_talk(std::string_view name) {
  const auto* const it = std::ranges::find(kTalks, name, &DialectTalk::name);
  return it == std::end(kTalks) ? nullptr : it;
}

std::string dialect_names() {
  std::string names;
  for (const auto& talk : kTalks) names += (names.empty() ? "" : ", ") + std::string(talk.name);
  return names;
}

}  // namespace parley::bench
