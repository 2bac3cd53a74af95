#include "tests/sim/client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace parley::sim {

using Json = nlohmann::json;

namespace {
constexpr std::int64_t kYearMs = std::int64_t{365} * 24 * 3600 * 1000;
constexpr std::string_view kUnsettled[] = {"outcome_unknown", "log_unavailable", "not_caught_up"};
}  // namespace

Client::Client(core::UserId user, Places& places, bool is_slow, std::int64_t time_ms, const std::uint64_t& now)
    : user_(std::move(user)),
      places_(places),
      is_slow_(is_slow),
      now_(now),
      token_(auth::issue(Gateway::tokens(), {.user = user_, .issued_at_ms = time_ms, .expires_at_ms = time_ms + kYearMs})),
      maker_(user_, places) {}

void Client::act(Dice& dice, Gateway& nearest) {
  const auto shard = dice.below(nearest.shards());
  auto* const open = session();
  const auto choice = dice.below(100);
  if (open == nullptr) {
    if (choice < 40) connect(nearest, shard);
  } else if (choice < (is_slow_ ? 3 : 45)) {
    read(1 + dice.below(8));
  } else if (choice < 46) {
    open->left = true;
    open->wire->hang_up();
  } else if (choice < 52) {
    ask_for_history(dice);
  }
  if (choice >= 52 && static_cast<std::size_t>(std::ranges::count_if(wishes_, &Wish::open)) < kOpenWishes)
    want(maker_.any(dice));
  send_due(nearest, shard);
}

bool Client::tidy_up(Gateway& nearest) {
  bool done = read(~std::size_t{0});
  if (session() == nullptr) {
    connect(nearest, 0);
    done = true;
  }
  return send_due(nearest, 0) || done;
}

bool Client::is_content() const { return std::ranges::none_of(wishes_, &Wish::open); }

// --- the socket
// The one that is not over yet.
Session* Client::session() {
  if (sessions_.empty()) return nullptr;
  auto& last = sessions_.back();
  if (!last.wire->over()) return &last;
  lose_session();
  return nullptr;
}

void Client::connect(Gateway& nearest, std::size_t shard) {
  sessions_.push_back({.wire = std::make_shared<Wire>(is_slow_ ? 1'500 : 64 << 10, now_)});
  nearest.connect(token_, shard, sessions_.back().wire);
}

// What was said on it may have been done or not.
void Client::lose_session() {
  for (auto& wish : wishes_)
    if (wish.open() && wish.sent && !wish.frame.empty()) again(wish);
}

bool Client::read(std::size_t most) {
  if (session() == nullptr) return false;
  std::size_t count = 0;
  for (; count < most; ++count) {
    const auto text = sessions_.back().wire->hear();
    if (!text) break;
    hear(*text);
  }
  return count > 0;
}

void Client::hear(const std::string& text) {
  const auto json = Json::parse(text);
  const auto type = json["type"].get<std::string>();
  auto& session = sessions_.back();
  if (type == "hello") {
    if (session.connection != 0) complaints_.push_back("a second hello");
    session.connection = std::stoull(json["connection_id"].get<std::string>(), nullptr, 16);
    return;
  }
  if (session.connection == 0) complaints_.push_back("heard before hello: " + text);
  if (!json.contains("id")) return hear_event(text);
  if (json["id"].is_string()) {
    if (type == "ok") pages_.push_back(text);
    return;
  }
  Answer answer{.accepted = type == "ok",
                .duplicate = json.value("duplicate", false),
                .code = json.value("code", ""),
                .position = json.value("position", "")};
  if (json.contains("seq")) answer.seq = json["seq"].get<std::uint64_t>();
  settle(json["id"].get<std::uint64_t>(), std::move(answer));
}

void Client::hear_event(const std::string& text) {
  sessions_.back().events.push_back(text);
  const auto json = Json::parse(text);
  if (!json.contains("message")) return;
  auto& highest = places_.seqs[*core::ChannelId::parse(json["channel_id"].get<std::string>())];
  highest = std::max(highest, json["message"]["seq"].get<std::uint64_t>());
}

void Client::ask_for_history(Dice& dice) {
  const auto channel = dice.any(places_.channels).text();
  Json ask{{"id", channel}, {"type", "get_history"}, {"channel_id", channel}, {"limit", 1 + dice.below(12)}};
  const auto where = dice.below(4);
  const auto seq = 1 + dice.below(20);
  if (where == 1) ask["before"] = seq;
  if (where == 2) ask["after"] = seq;
  if (where == 3) ask["around"] = seq;
  sessions_.back().wire->say(ask.dump());
}

// --- wishes
bool Client::send_due(Gateway& nearest, std::size_t shard) {
  bool sent = false;
  for (auto& wish : wishes_) {
    if (!wish.open()) continue;
    if (wish.sent && now_ > wish.sent_at + kPatience) again(wish);
    if (!wish.open() || wish.sent || (!wish.frame.empty() && session() == nullptr)) continue;
    wish.sent_at = now_;
    send(wish, nearest, shard);
    sent = true;
  }
  return sent;
}

void Client::send(Wish& wish, Gateway& nearest, std::size_t shard) {
  wish.sent = true;
  if (!wish.frame.empty()) return sessions_.back().wire->say(wish.frame);
  auto request = wish.request;
  request.headers.emplace_back("Authorization", "Bearer " + token_);
  nearest.request(std::move(request), shard,
                  [this, number = wish.number](const auto& response) { answered(number, response); });
}

void Client::insist() {
  for (auto& wish : wishes_)
    if (wish.open() && wish.sent) again(wish);
}

// Without a key that would be another one.
void Client::again(Wish& wish) {
  wish.sent = false;
  wish.given_up = wish.key.empty();
}

void Client::answered(std::uint64_t number, const net::HttpResponse& response) {
  Answer answer{.accepted = response.status < 300 && response.status != 202};
  for (const auto& [name, value] : response.headers) {
    if (name == "Parley-Position") answer.position = value;
    if (name == "Idempotency-Replayed") answer.duplicate = true;
  }
  if (!answer.accepted) answer.code = Json::parse(response.body).value("code", "");
  settle(number, std::move(answer));
}

void Client::settle(std::uint64_t number, Answer answer) {
  const auto wish = std::ranges::find(wishes_, number, &Wish::number);
  if (wish == wishes_.end()) return complaints_.push_back("an answer to nothing");
  if (answer.code == "key_reused" || answer.code == "internal" || answer.code == "unauthenticated")
    complaints_.push_back(wish->frame + wish->request.target + " was answered " + answer.code);
  if (std::ranges::find(kUnsettled, answer.code) != std::end(kUnsettled)) {
    if (wish->open()) again(*wish);
    return;
  }
  if (!wish->answer) {
    wish->answer = std::move(answer);
  } else if (wish->answer->accepted && (!answer.accepted || answer.seq != wish->answer->seq)) {
    complaints_.push_back(wish->key + " was answered twice, and not alike");
  }
}

}  // namespace parley::sim
