// A network that goes away and comes back: sockets of members of channels are cut, messages are posted meanwhile, and all come
// back at once with ?resume=1. Measured is the time until the last has all that it missed, in order, and is live; then one more
// message goes to each channel, and everybody must hear it.
//
// Prints one JSON object. The server runs in development mode, with --rate-limits off.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "bench/client_sockets.hpp"
#include "bench/server_cpu.hpp"

namespace parley::bench {
namespace {

constexpr std::size_t kOpeningAtOnce = 100;
constexpr std::size_t kPostsAtOnce = 64;
constexpr std::size_t kInvitesAtOnce = 64;
constexpr std::size_t kMembersAtOnce = 1000;  // of a creation
constexpr double kPatience_s = 120;
constexpr double kLook_s = 0.5;  // at the server's metrics
constexpr char kMark = '~';      // of the number in a text, eight hexadecimal digits

struct Options {
  std::string url;
  int pid = 0;
  std::size_t channels = 100;
  std::size_t members = 100;  // of each
  std::size_t missed = 100;   // messages in each
  std::size_t text_bytes = 128;
};

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string text_of(std::size_t number, std::size_t bytes) {
  char mark[10];
  std::snprintf(mark, sizeof mark, "%c%08x", kMark, static_cast<unsigned>(number));
  std::string text(mark);
  text.resize(std::max(text.size(), bytes), 'x');
  return text;
}

double metric(const std::string& all, const std::string& name) {
  double sum = 0;
  for (auto at = all.find("\n" + name); at != all.npos; at = all.find("\n" + name, at + 1))
    sum += std::atof(all.c_str() + all.find(' ', at) + 1);
  return sum;
}

struct Channel {
  std::string id;
  std::string version;  // that everybody has seen
};

// Posts to every channel in turns, by one socket.
class Author final : public ClientSockets::Listener {
 public:
  Author(const Address& address, const std::string& token) {
    sockets_.open(address, "/v1/ws", "Authorization: Bearer " + token + "\r\n");
    while (!is_open_) sockets_.poll(1000);
  }
  void post(const std::vector<Channel>& channels, std::size_t from, std::size_t to, std::size_t text_bytes) {
    for (auto number = from; number < to; ++number)
      for (const auto& channel : channels) {
        while (in_flight_ == kPostsAtOnce) sockets_.poll(1000);
        ++in_flight_;
        sockets_.send(0, R"({"id":1,"type":"post_message","channel_id":")" + channel.id + R"(","text":")" +
                             text_of(number, text_bytes) + "\"}");
      }
    while (in_flight_ > 0) sockets_.poll(1000);
  }
  void opened(ClientSockets::Number /*socket*/) override {}
  void said(ClientSockets::Number /*socket*/, std::string_view text) override {
    if (text.find(R"("type":"error")") != text.npos) give_up("refused: " + std::string(text));
    if (text.find(R"("type":"hello")") != text.npos) is_open_ = true;
    if (text.find(R"("type":"ok")") != text.npos) --in_flight_;
  }
  void ended(ClientSockets::Number /*socket*/, std::string_view why) override {
    give_up("the author's socket: " + std::string(why));
  }

 private:
  ClientSockets sockets_{*this};
  bool is_open_ = false;
  std::size_t in_flight_ = 0;
};

class Crowd final : public ClientSockets::Listener {
 public:
  explicit Crowd(const Options& options) : options_(options), address_(address_of(options.url)), http_(address_) {
    owner_ = http_.token("resume-owner");
    for (std::size_t i = 0; i < options.channels * options.members; ++i) tokens_.push_back(http_.token(name_of(i)));
    for (std::size_t i = 0; i < options.channels; ++i) make_channel(i);
  }

  void run() {
    connect();
    sockets_.cut_all();
    for (auto& channel : channels_) channel.version = http_.call("GET", "/v1/channels/" + channel.id, owner_)["version"].dump();
    Author author(address_, owner_);
    author.post(channels_, 0, options_.missed, options_.text_bytes);
    const auto before = http_.text("GET", "/metrics");
    const auto cpu_before = CpuTimes::now(options_.pid);
    come_back();
    const auto cpu_after = CpuTimes::now(options_.pid);
    author.post(channels_, options_.missed, options_.missed + 1, options_.text_bytes);
    wait_for([&] { return up_to_date_ == tokens_.size(); });
    print(before, http_.text("GET", "/metrics"), cpu_before, cpu_after);
  }

  void opened(ClientSockets::Number /*socket*/) override {}
  void said(ClientSockets::Number socket, std::string_view text) override {
    for (auto at = text.find(kMark); at != text.npos; at = text.find(kMark, at + 9)) got(socket, text.substr(at + 1, 8));
    if (text.find(R"("type":"error")") != text.npos) give_up("refused: " + std::string(text));
    if (text.find(R"("type":"hello")") != text.npos) greeted(socket);
    if (text.find(R"("type":"ok")") != text.npos) resumed(socket, text);
  }
  void ended(ClientSockets::Number /*socket*/, std::string_view why) override {
    give_up("a socket has ended: " + std::string(why));
  }

 private:
  static std::string name_of(std::size_t member) { return "resume-" + std::to_string(member); }
  [[nodiscard]] Channel& channel_of(std::size_t member) { return channels_[member / options_.members]; }

  void make_channel(std::size_t number) {
    const auto first = number * options_.members;
    const auto at_once = std::min(options_.members, kMembersAtOnce);
    Json members = Json::array();
    for (std::size_t i = 0; i < at_once; ++i) members.push_back(name_of(first + i));
    const auto made = http_.call("POST", "/v1/channels", owner_, {{"kind", "group"}, {"members", members}});
    channels_.push_back({made["id"].get<std::string>(), {}});
    std::vector<HttpClient> inviting;  // in turns, so that they share the disk's work
    for (auto i = at_once; i < options_.members; ++i) {
      const auto turn = (i - at_once) % kInvitesAtOnce;
      if (turn == inviting.size())
        inviting.emplace_back(address_);
      else
        inviting[turn].finish();
      inviting[turn].begin("PUT", "/v1/channels/" + channels_.back().id + "/members/" + name_of(first + i), owner_, {});
    }
    for (auto& each : inviting) each.finish();
  }

  void open(std::size_t member, std::string_view path) {
    sockets_.open(address_, path, "Authorization: Bearer " + tokens_[member] + "\r\n");
  }
  void connect() {
    for (std::size_t begun = 0; greeted_ < tokens_.size();) {
      for (; begun < tokens_.size() && begun < greeted_ + kOpeningAtOnce; ++begun) open(begun, "/v1/ws");
      sockets_.poll(1000);
    }
  }
  void come_back() {
    resumes_ = true;
    greeted_ = 0;
    heard_.assign(tokens_.size(), 0);
    begun_s_ = now_s();
    for (std::size_t member = 0; member < tokens_.size(); ++member) open(member, "/v1/ws?resume=1");
    opened_s_ = now_s() - begun_s_;
    wait_for([&] { return live_ == tokens_.size(); });
    took_s_ = now_s() - begun_s_;
  }

  // Looks at the metrics meanwhile, without waiting for them.
  template <class Done>
  void wait_for(const Done& done) {
    const auto until = now_s() + kPatience_s;
    HttpClient metrics(address_);
    bool is_asked = false;
    for (auto next_look = now_s(); !done();) {
      sockets_.poll(10);
      if (now_s() > until) give_up("stalled: " + std::to_string(live_) + " are back");
      if (now_s() < next_look) continue;
      next_look = now_s() + kLook_s;
      if (is_asked) most_queued_ = std::max(most_queued_, metric(metrics.finish(), "parley_ingest_queued_bytes"));
      metrics.begin("GET", "/metrics", {}, {});
      is_asked = true;
    }
    if (is_asked) most_queued_ = std::max(most_queued_, metric(metrics.finish(), "parley_ingest_queued_bytes"));
  }

  void greeted(ClientSockets::Number member) {
    ++greeted_;
    if (!resumes_) return;
    const auto& channel = channel_of(member);
    sockets_.send(member, R"({"id":1,"type":"resume","channels":{")" + channel.id + "\":" + channel.version + "}}");
  }
  void got(ClientSockets::Number member, std::string_view digits) {
    if (!resumes_) give_up("a message before any was posted");
    if (std::stoull(std::string(digits), nullptr, 16) != heard_[member]) give_up("a message out of its order");
    if (++heard_[member] == options_.missed + 1) ++up_to_date_;
  }
  void resumed(ClientSockets::Number member, std::string_view text) {
    if (heard_[member] != options_.missed) give_up("live after " + std::to_string(heard_[member]) + " messages");
    const auto reset = text.substr(std::min(text.find(R"("reset":[)"), text.size()));
    if (reset.find(channel_of(member).id) != reset.npos) give_up("to be fetched anew: " + std::string(text));
    if (live_++ == 0) first_s_ = now_s() - begun_s_;
  }

  void print(const std::string& before, const std::string& after, const CpuTimes& cpu_before, const CpuTimes& cpu_after) const {
    const auto grown = [&](const std::string& name) { return metric(after, name) - metric(before, name); };
    const auto server = cpu_after.server_s - cpu_before.server_s;
    const auto own = cpu_after.own_s - cpu_before.own_s;
    std::printf(R"({"clients":%zu,"channels":%zu,"missed_each":%zu,"opened_s":%.2f,"first_live_s":%.2f,"all_live_s":%.2f,)",
                tokens_.size(), options_.channels, options_.missed, opened_s_, first_s_, took_s_);
    std::printf(R"("from_memory":%.0f,"from_state":%.0f,"slow_consumers":%.0f,"holes":%.0f,"most_queued_bytes":%.0f,)",
                grown(R"(parley_ingest_resumed_events_total{source="memory"})"),
                grown(R"(parley_ingest_resumed_events_total{source="state"})"), grown("parley_ingest_slow_consumers_total"),
                grown("parley_ingest_holes_total"), most_queued_);
    std::printf(R"("server_cpu_s":%.2f,"generator_cpu_s":%.2f,"other_cores":%.2f})"
                "\n",
                server, own, (cpu_after.all_s - cpu_before.all_s - server - own) / took_s_);
  }

  const Options& options_;
  Address address_;
  HttpClient http_;
  ClientSockets sockets_{*this};
  std::string owner_;
  std::vector<std::string> tokens_;  // by member
  std::vector<Channel> channels_;
  std::vector<std::size_t> heard_;  // messages, by member
  bool resumes_ = false;
  std::size_t greeted_ = 0;
  std::size_t live_ = 0;
  std::size_t up_to_date_ = 0;
  double begun_s_ = 0;
  double opened_s_ = 0;
  double first_s_ = 0;
  double took_s_ = 0;
  double most_queued_ = 0;
};

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  parley::bench::Options options;
  CLI::App app("Many clients that come back at once, and resume");
  app.add_option("--url", options.url, "of the server")->required();
  app.add_option("--pid", options.pid, "of the server, whose CPU time is counted")->required();
  app.add_option("--channels", options.channels, "groups")->check(CLI::Range(1, 100'000))->capture_default_str();
  app.add_option("--members", options.members, "clients in each of them")->check(CLI::Range(1, 60'000))->capture_default_str();
  app.add_option("--missed", options.missed, "messages in each of them")->check(CLI::Range(1, 10'000))->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "of a message")->check(CLI::Range(9, 16'000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  parley::bench::Crowd(options).run();
  return 0;
}
