#include "tests/sim/client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace parley::sim {

using Json = nlohmann::json;

namespace {
constexpr std::int64_t kYearMs = std::int64_t{365} * 24 * 3600 * 1000;
constexpr const char* kResume = "resume";
// Bytes that a socket lets wait.
constexpr std::size_t kSlow = 1'500;
constexpr std::size_t kQuick = 64 << 10;
constexpr std::size_t kMissed = 512 << 10;
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
    if (choice < 40) come_back(dice, nearest, shard);
  } else if (choice < 45) {
    if (!is_slow_ || choice < 3) read(1 + dice.below(8));
  } else if (choice < 47) {
    if (open->connection == 0 && dice.below(8) > 0) return;  // mostly it waits for hello
    open->left = true;
    open->wire->hang_up();
  } else if (choice < 52) {
    if (open->is_live()) ask_for_history(dice);
  }
  if (dice.below(50) == 0) earlier_ = seen_;
  if (choice >= 52 && static_cast<std::size_t>(std::ranges::count_if(wishes_, &Wish::open)) < kOpenWishes)
    want(maker_.any(dice));
  send_due(nearest, shard);
}

bool Client::tidy_up(Gateway& nearest) {
  bool done = read(~std::size_t{0});
  if (session() == nullptr) {
    connect(nearest, 0, !sessions_.empty());
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

// One that is slow takes little at once; but what it missed is sent as it takes it, which is not simulated.
void Client::connect(Gateway& nearest, std::size_t shard, bool resumes) {
  const std::size_t most = resumes ? kMissed : is_slow_ ? kSlow : kQuick;
  sessions_.push_back({.wire = std::make_shared<Wire>(most, now_), .resumes = resumes});
  nearest.connect(token_, shard, sessions_.back().wire, resumes);
  if (!resumes) seen_.clear();
}

// Mostly it goes on from what it saw; or it has forgotten that, or knows only what was long ago, or it is mistaken.
void Client::come_back(Dice& dice, Gateway& nearest, std::size_t shard) {
  const auto choice = dice.below(16);
  if (choice < 4) return connect(nearest, shard, false);
  if (choice < 8) seen_ = earlier_;
  if (choice == 8 && !seen_.empty()) seen_.erase(seen_.begin());
  if (choice == 9 && !seen_.empty()) seen_.begin()->second.value += 3;
  connect(nearest, shard, true);
}

void Client::fall_asleep() {
  if (auto* const open = session()) {
    open->left = true;
    open->wire->hang_up();
  }
  seen_ = earlier_;
}

void Client::ask_to_resume() {
  auto& session = sessions_.back();
  session.asking = true;
  session.resumptions.push_back({.asked = seen_, .missed = {}, .now = {}, .reset = {}});
  Json ask{{"id", kResume}, {"type", "resume"}, {"channels", Json::object()}};
  for (const auto& [channel, version] : seen_) ask["channels"][channel.text()] = version.value;
  session.wire->say(ask.dump());
}

void Client::resumed(const std::string& type, const std::string& text) {
  auto& session = sessions_.back();
  session.asking = false;
  const auto json = Json::parse(text);
  if (type != "ok") {
    if (json.value("code", "") != "not_caught_up") complaints_.push_back("resume was answered " + text);
    return;
  }
  auto& resumption = session.resumptions.back();
  resumption.answered = true;
  for (const auto& [channel, version] : json["channels"].items())
    resumption.now[core::ChannelId::parse(channel).value()] = {version.get<std::uint64_t>()};
  for (const auto& channel : json["reset"]) resumption.reset.insert(core::ChannelId::parse(channel.get<std::string>()).value());
  for (const auto& [channel, version] : resumption.now)
    if (!resumption.reset.contains(channel) && seen_[channel] != version)
      complaints_.push_back("a hole at the seam: " + text + ", seen " + std::to_string(seen_[channel].value));
  seen_ = resumption.now;  // what is to be fetched anew is
  session.wire->max_queued_bytes = is_slow_ ? kSlow : kQuick;
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
  if (json["id"] == kResume) return resumed(type, text);
  if (json["id"].is_string()) {
    if (type == "ok") pages_.push_back({text, json["id"].get<std::string>()});
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
  auto& session = sessions_.back();
  if (session.is_live())
    session.events.push_back(text);
  else if (session.asking)
    session.resumptions.back().missed.push_back(text);
  else
    complaints_.push_back("heard before it resumed: " + text);
  see(text);
  const auto json = Json::parse(text);
  if (!json.contains("message")) return;
  auto& highest = places_.seqs[*core::ChannelId::parse(json["channel_id"].get<std::string>())];
  highest = std::max(highest, json["message"]["seq"].get<std::uint64_t>());
}

// What any client does to know that nothing is missing.
void Client::see(const std::string& text) {
  const auto json = Json::parse(text);
  if (!json.contains("version")) return;
  const auto type = json["type"].get<std::string>();
  const auto channel = core::ChannelId::parse(json["channel_id"].get<std::string>()).value();
  const core::Version version{json["version"].get<std::uint64_t>()};
  const bool of_mine = json.value("user_id", "") == user_.text;
  if (type == "channel_deleted" || (type == "member_left" && of_mine)) {
    seen_.erase(channel);
    return;
  }
  const bool enters = type == "channel_created" || (type == "member_joined" && of_mine);
  if (const auto found = seen_.find(channel); found != seen_.end() && !enters && version != found->second.next())
    complaints_.push_back("behind version " + std::to_string(found->second.value) + " comes " + text);
  seen_[channel] = version;
}

// Now and then it wants to see what somebody's erasure has left.
void Client::ask_for_history(Dice& dice) {
  const auto channel = dice.any(places_.channels).text();
  Json ask{{"id", ""}, {"type", "get_history"}, {"channel_id", channel}, {"limit", 1 + dice.below(12)}};
  if (!places_.erasures.empty() && dice.below(2) == 0) ask["id"] = ask["min_position"] = dice.any(places_.erasures);
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
  if (auto* const open = session(); open != nullptr && !open->is_live() && !open->asking) {
    ask_to_resume();
    sent = true;
  }
  for (auto& wish : wishes_) {
    if (!wish.open()) continue;
    if (wish.sent && now_ > wish.sent_at + kPatience) again(wish);
    if (!wish.open() || wish.sent || (!wish.frame.empty() && !may_speak())) continue;
    wish.sent_at = now_;
    if (wish.first_sent_at == 0) wish.first_sent_at = now_;
    send(wish, nearest, shard);
    sent = true;
  }
  return sent;
}

bool Client::may_speak() {
  const auto* open = session();
  return open != nullptr && open->is_live();
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
  if (answer.code == "key_reused" && wish->has_words && places_.to_erase.contains(user_)) {
    wish->given_up = !wish->answer;  // done before he was erased: nobody can tell any more whether with the same words
    return;
  }
  if (answer.code == "key_reused" || answer.code == "internal" || answer.code == "unauthenticated")
    complaints_.push_back(wish->frame + wish->request.target + " was answered " + answer.code);
  if (std::ranges::find(kUnsettled, answer.code) != std::end(kUnsettled)) {
    if (wish->open()) again(*wish);
    return;
  }
  if (!wish->answer) {
    answer.at = now_;
    if (wish->erases) places_.erasures.push_back(answer.position);
    wish->answer = std::move(answer);
  } else if (wish->answer->accepted && (!answer.accepted || answer.seq != wish->answer->seq)) {
    complaints_.push_back(wish->key + " was answered twice, and not alike");
  }
}

}  // namespace parley::sim
