#include "tests/sim/wish.hpp"

#include "codec/json_writer.hpp"

namespace parley::sim {
namespace {

std::string quoted(std::string_view text) {
  std::string json;
  codec::append_json_string(json, text);
  return json;
}
std::string channel_field(const core::ChannelId& channel) { return R"("channel_id":)" + quoted(channel.text()); }
std::string path(const core::ChannelId& channel) { return "/v1/channels/" + channel.text(); }
std::string path(const core::WorkspaceId& workspace) { return "/v1/workspaces/" + workspace.text(); }

}  // namespace

Wish Wishes::with_key() {
  Wish wish{.number = ++count_};
  wish.key = user_.text + "-" + std::to_string(wish.number);
  return wish;
}

Wish Wishes::say(Wish wish, const std::string& type, const std::string& fields) const {
  wish.frame = R"({"id":)" + std::to_string(wish.number) + R"(,"type":)" + quoted(type) + "," + fields;
  if (!wish.key.empty()) wish.frame += R"(,"key":)" + quoted(wish.key);
  wish.frame += "}";
  return wish;
}

Wish Wishes::ask(Wish wish, std::string method, std::string target, std::string body) {
  wish.request = {.method = std::move(method), .target = std::move(target), .body = std::move(body)};
  if (!wish.key.empty()) wish.request.headers.emplace_back("Idempotency-Key", wish.key);
  return wish;
}

Wish Wishes::create_workspace() {
  auto wish = with_key();
  places_.workspaces.push_back(core::workspace_id(user_, wish.key));
  return ask(std::move(wish), "POST", "/v1/workspaces", R"({"name":"w"})");
}

Wish Wishes::create_channel(const core::WorkspaceId& workspace, bool is_public) {
  auto wish = with_key();
  places_.channels.push_back(core::channel_id(workspace, user_, wish.key));
  auto body = R"({"kind":")" + std::string(is_public ? "public" : "private") + R"(","workspace_id":)" +
              quoted(workspace.text()) + R"(,"name":)" + quoted(wish.key) + "}";
  return ask(std::move(wish), "POST", "/v1/channels", std::move(body));
}

Wish Wishes::invite(const core::WorkspaceId& workspace, const core::UserId& user) {
  return ask(with_key(), "PUT", path(workspace) + "/members/" + user.text);
}

Wish Wishes::join(const core::ChannelId& channel) { return say(with_key(), "join_channel", channel_field(channel)); }

Wish Wishes::any(Dice& dice) {
  const auto choice = dice.below(100);
  if (choice < 45) return post(dice);
  if (choice < 68) return of_message(dice);
  return choice < 92 ? of_members(dice) : of_places(dice);
}

Wish Wishes::post(Dice& dice) {
  auto wish = with_key();
  wish.text = wish.key + std::string(dice.below(8) == 0 ? dice.below(1'000) : 0, '.');
  if (dice.below(6) == 0) wish.key.clear();
  const auto text = R"("text":)" + quoted(wish.text);
  if (dice.below(8) == 0)
    return say(std::move(wish), "post_message", R"("direct_to":)" + quoted(dice.any(places_.users).text) + "," + text);
  const auto& channel = dice.any(places_.channels);
  if (dice.below(4) == 0) return ask(std::move(wish), "POST", path(channel) + "/messages", "{" + text + "}");
  const auto answers = dice.below(5) == 0 ? R"(,"reply_to":)" + std::to_string(1 + dice.below(4)) : "";
  return say(std::move(wish), "post_message", channel_field(channel) + "," + text + answers);
}

Wish Wishes::of_message(Dice& dice) {
  auto wish = with_key();
  const auto edited = R"(,"text":)" + quoted(wish.key + " edited");
  if (dice.below(6) == 0) wish.key.clear();
  const auto& channel = dice.any(places_.channels);
  const auto seq = 1 + dice.below(places_.seqs[channel] + 1);
  const auto which = channel_field(channel) + R"(,"seq":)" + std::to_string(seq);
  switch (dice.below(6)) {
    case 0:
      return say(std::move(wish), "edit_message", which + edited);
    case 1:
      return say(std::move(wish), "retract_message", which);
    case 2:
      return say(std::move(wish), "mark_delivered", which);
    case 3:
      return ask(std::move(wish), "PUT", path(channel) + "/read", R"({"seq":)" + std::to_string(seq) + "}");
    default:
      return say(std::move(wish), "mark_read", which);
  }
}

Wish Wishes::of_members(Dice& dice) {
  const auto& channel = dice.any(places_.channels);
  const auto& user = dice.any(places_.users);
  const auto role = dice.below(3) == 0 ? R"({"role":"admin"})" : "";
  switch (dice.below(12)) {
    case 0:
    case 1:
      return say(with_key(), "leave_channel", channel_field(channel));
    case 2:
    case 3:
    case 4:
      return ask(with_key(), "PUT", path(channel) + "/members/" + user.text, role);
    case 5:
    case 6:
      return ask(with_key(), "DELETE", path(channel) + "/members/" + user.text);
    case 7:
      return ask(with_key(), "PUT", path(dice.any(places_.workspaces)) + "/members/" + user.text, role);
    case 8:
      return dice.below(3) == 0 ? ask(with_key(), "DELETE", path(dice.any(places_.workspaces)) + "/members/" + user.text)
                                : invite(dice.any(places_.workspaces), user);
    default:
      return join(channel);
  }
}

Wish Wishes::of_places(Dice& dice) {
  const auto& channel = dice.any(places_.channels);
  switch (dice.below(16)) {
    case 0:
      return create_workspace();
    case 1:
      return dice.below(4) == 0 ? ask(with_key(), "DELETE", path(dice.any(places_.workspaces))) : create_workspace();
    case 2:
    case 3:
      return ask(with_key(), "DELETE", path(channel));
    case 4:
    case 5:
      return ask(with_key(), "PATCH", path(channel), R"({"topic":"t"})");
    case 6:
      return ask(with_key(), "PUT", "/v1/users/me", R"({"name":"n"})");
    case 7:
    case 8: {
      auto wish = with_key();
      places_.channels.push_back(core::group_id(user_, wish.key));
      return ask(std::move(wish), "POST", "/v1/channels",
                 R"({"kind":"group","members":[)" + quoted(dice.any(places_.users).text) + "]}");
    }
    case 11:
      return ask(with_key(), dice.below(3) == 0 ? "DELETE" : "PUT", "/v1/names/sim/" + std::to_string(dice.below(4)));
    case 9:
    case 10: {
      const auto& other = dice.any(places_.users);
      places_.channels.push_back(core::direct_id(user_, other));
      return ask(with_key(), "PUT", "/v1/direct/" + other.text);
    }
    default:
      return create_channel(dice.any(places_.workspaces), dice.below(2) == 0);
  }
}

}  // namespace parley::sim
