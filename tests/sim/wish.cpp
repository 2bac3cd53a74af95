#include "tests/sim/wish.hpp"

#include <algorithm>

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

// Mostly one of the first, where everybody is.
const core::ChannelId& Wishes::any_channel(Dice& dice) const {
  constexpr std::uint64_t kBusy = 5;
  return dice.below(3) > 0 ? places_.channels[dice.below(std::min<std::uint64_t>(kBusy, places_.channels.size()))]
                           : dice.any(places_.channels);
}

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

Wish Wishes::create_group(const std::vector<core::UserId>& with) {
  auto wish = with_key();
  places_.channels.push_back(core::group_id(user_, wish.key));
  std::string members;
  for (const auto& user : with) members += (members.empty() ? "" : ",") + quoted(user.text);
  return ask(std::move(wish), "POST", "/v1/channels", R"({"kind":"group","members":[)" + members + "]}");
}

Wish Wishes::open_direct(const core::UserId& other) {
  places_.channels.push_back(core::direct_id(user_, other));
  return ask(with_key(), "PUT", "/v1/direct/" + other.text);
}

Wish Wishes::name_oneself() {
  auto wish = with_key();
  wish.has_words = true;
  const auto name = std::string(kWordsBegin) + wish.key + kWordsEnd;
  return ask(std::move(wish), "PUT", "/v1/users/me", R"({"name":)" + quoted(name) + "}");
}

// An operator erases anybody, others themselves.
Wish Wishes::erase(const core::UserId& user) {
  auto wish = with_key();
  wish.erases = user;
  places_.to_erase.insert(user);
  return ask(std::move(wish), "DELETE", user == user_ ? "/v1/users/me" : "/v1/admin/users/" + user.text);
}

// Now and then long, or naming somebody.
std::string Wishes::words(Dice& dice, const std::string& key) const {
  auto text = std::string(kWordsBegin) + key + kWordsEnd;
  if (dice.below(8) == 0) text.insert(kWordsBegin.size(), std::string(dice.below(1'000), '.'));
  if (dice.below(4) == 0) text += "<@" + dice.any(places_.users).text + ">";
  return text;
}

Wish Wishes::join(const core::ChannelId& channel) { return say(with_key(), "join_channel", channel_field(channel)); }

Wish Wishes::any(Dice& dice) {
  if (dice.in_a_thousand(places_.erasing)) return erase(user_ == core::UserId{kOperator} ? dice.any(places_.users) : user_);
  const auto choice = dice.below(100);
  if (choice < 45) return post(dice);
  if (choice < 68) return of_message(dice);
  return choice < 92 ? of_members(dice) : of_places(dice);
}

Wish Wishes::post(Dice& dice) {
  auto wish = with_key();
  wish.text = words(dice, wish.key);
  wish.has_words = true;
  if (dice.below(6) == 0) wish.key.clear();
  const auto text = R"("text":)" + quoted(wish.text);
  if (dice.below(8) == 0)
    return say(std::move(wish), "post_message", R"("direct_to":)" + quoted(dice.any(places_.users).text) + "," + text);
  const auto& channel = any_channel(dice);
  if (dice.below(4) == 0) return ask(std::move(wish), "POST", path(channel) + "/messages", "{" + text + "}");
  const auto answers = dice.below(5) == 0 ? R"(,"reply_to":)" + std::to_string(1 + dice.below(4)) : "";
  return say(std::move(wish), "post_message", channel_field(channel) + "," + text + answers);
}

Wish Wishes::of_message(Dice& dice) {
  auto wish = with_key();
  const auto edited = R"(,"text":)" + quoted(words(dice, wish.key));
  if (dice.below(6) == 0) wish.key.clear();
  const auto& channel = any_channel(dice);
  const auto newest = places_.seqs[channel];
  const auto seq = dice.below(2) == 0 ? std::max<std::uint64_t>(newest, 1) : 1 + dice.below(newest + 1);
  const auto which = channel_field(channel) + R"(,"seq":)" + std::to_string(seq);
  switch (dice.below(6)) {
    case 0:
      wish.has_words = true;
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
  const auto& channel = any_channel(dice);
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
  const auto& channel = any_channel(dice);
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
      return name_oneself();
    case 7:
    case 8:
      return create_group({dice.any(places_.users)});
    case 11:
      return ask(with_key(), dice.below(3) == 0 ? "DELETE" : "PUT", "/v1/names/sim/" + std::to_string(dice.below(4)));
    case 9:
    case 10:
      return open_direct(dice.any(places_.users));
    default:
      return create_channel(dice.any(places_.workspaces), dice.below(2) == 0);
  }
}

}  // namespace parley::sim
