// Fan-out through a dialect, or through the public contract: sockets that all hear one channel, and messages to it in a closed
// loop. A message is done when all have it; then another is sent. The same generator for all of them, so that what the server
// takes can be compared.
//
// Prints one JSON object. The server runs in development mode, with --rate-limits off.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "bench/client_sockets.hpp"
#include "bench/dialect_talk.hpp"
#include "bench/server_cpu.hpp"

namespace parley::bench {
namespace {

constexpr std::size_t kOpeningAtOnce = 100;
constexpr double kStalled = 10;  // seconds
constexpr char kMark = '~';      // of the number in a text, eight hexadecimal digits

struct Options {
  std::string url;
  int pid = 0;
  std::string dialect = "native";
  bool posts_natively = false;
  std::size_t sockets = 1000;
  std::size_t window = 1;
  std::size_t senders = 1;
  std::size_t text_bytes = 128;
  double warm_s = 2;
  double seconds = 8;
};

class Fanout final : public ClientSockets::Listener {
 public:
  explicit Fanout(const Options& options)
      : options_(options),
        talk_(*dialect_talk(options.dialect)),
        author_(options.posts_natively ? *dialect_talk("native") : talk_),
        address_(address_of(options.url)),
        http_(address_) {
    for (std::size_t i = 0; i <= options.sockets; ++i) {
      const auto id = "bench-" + std::to_string(i) + "@example.org";
      people_.push_back({id, http_.token(id)});
    }
    place_ = talk_.prepare(http_, people_);
    if (author_.posts_to.empty()) return;
    for (std::size_t i = 0; i < options.senders; ++i) posts_.emplace_back(address_);
    began_.resize(options.senders);
  }

  void run() {
    connect();
    in_flight_.assign(options_.window, {});
    for (std::size_t slot = 0; slot < options_.window; ++slot) send(slot);
    during(options_.warm_s);
    const auto before = CpuTimes::now(options_.pid);
    const auto had = delivered_;
    const auto had_bytes = bytes_;
    during(options_.seconds);
    print(before, CpuTimes::now(options_.pid), static_cast<double>(delivered_ - had), static_cast<double>(bytes_ - had_bytes));
  }

  void opened(ClientSockets::Number socket) override {
    if (const auto greeting = of(socket).greeting(place_); !greeting.empty()) sockets_.send(socket, greeting);
  }
  void said(ClientSockets::Number socket, std::string_view text) override {
    if (!hears_[socket]) {
      hears_[socket] = true;
      ++hearing_;
      return;
    }
    const auto before = delivered_;
    for (auto at = text.find(kMark); at != text.npos; at = text.find(kMark, at + 9)) got(socket, text.substr(at + 1, 8));
    if (delivered_ != before) bytes_ += text.size();
    const bool has_none = text.find(kMark) == text.npos;
    if (has_none && is_sender(socket) && text.find(author_.refusal) != text.npos) give_up("refused: " + std::string(text));
  }
  void ended(ClientSockets::Number /*socket*/, std::string_view why) override {
    give_up("a socket has ended: " + std::string(why));
  }

 private:
  struct InFlight {
    std::uint64_t number = 0;
    std::size_t left = 0;
  };
  // The first sockets are the author's; what they hear is not counted.
  [[nodiscard]] std::size_t own() const { return author_.posts_to.empty() ? options_.senders : 0; }
  [[nodiscard]] bool is_sender(ClientSockets::Number socket) const { return socket < own(); }
  [[nodiscard]] const DialectTalk& of(ClientSockets::Number socket) const { return is_sender(socket) ? author_ : talk_; }

  void connect() {
    const auto all = own() + options_.sockets;
    hears_.resize(all);
    for (std::size_t begun = 0; hearing_ < all;) {
      for (; begun < all && begun < hearing_ + kOpeningAtOnce; ++begun) {
        const auto& person = people_[begun < own() ? 0 : begun - own() + 1];
        sockets_.open(address_, of(begun).path(place_, person), of(begun).headers(person));
      }
      sockets_.poll(1000);
    }
  }

  void send(std::size_t slot) {
    auto& message = in_flight_[slot];
    message = {next_++ * options_.window + slot, options_.sockets};
    char mark[10];
    std::snprintf(mark, sizeof mark, "%c%08x", kMark, static_cast<unsigned>(message.number));
    std::string text(mark);
    text.resize(std::max(text.size(), options_.text_bytes), 'x');
    const auto post = author_.post(place_, people_.front(), text);
    const auto sender = slot % options_.senders;
    if (author_.posts_to.empty()) return sockets_.send(sender, post);
    if (began_[sender]) posts_[sender].finish();  // whose answer has come: everybody has heard the message
    began_[sender] = true;
    posts_[sender].begin("POST", author_.posts_to, people_.front().token, post);
  }

  void got(ClientSockets::Number socket, std::string_view digits) {
    if (is_sender(socket)) return;
    const auto number = std::stoull(std::string(digits), nullptr, 16);
    const auto slot = static_cast<std::size_t>(number % options_.window);
    auto& message = in_flight_[slot];
    if (static_cast<std::uint32_t>(message.number) != number || message.left == 0) give_up("a message came twice, or late");
    ++delivered_;
    if (--message.left == 0) send(slot);
  }

  void during(double seconds) {
    const auto now = [] { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); };
    const auto until = now() + seconds;
    auto moved = delivered_;
    for (auto at = now(); now() < until;) {
      sockets_.poll(10);
      if (delivered_ != std::exchange(moved, delivered_)) at = now();
      if (now() > at + kStalled) give_up("stalled");
    }
  }

  void print(const CpuTimes& before, const CpuTimes& after, double deliveries, double bytes) const {
    const auto took = after.at_s - before.at_s;
    const auto server = after.server_s - before.server_s;
    const auto own = after.own_s - before.own_s;
    std::printf(R"({"dialect":"%s","sockets":%zu,"window":%zu,"senders":%zu,"native_posts":%s,"deliveries_per_s":%.0f,)",
                options_.dialect.c_str(), options_.sockets, options_.window, options_.senders,
                options_.posts_natively ? "true" : "false", deliveries / took);
    std::printf(R"("cpu_s_per_million":%.3f,"bytes":%.0f,"server_cores":%.2f,"generator_cores":%.2f,"other_cores":%.2f})"
                "\n",
                server / deliveries * 1e6, bytes / deliveries, server / took, own / took,
                (after.all_s - before.all_s - server - own) / took);
  }

  const Options& options_;
  const DialectTalk& talk_;
  const DialectTalk& author_;  // how it is posted
  Address address_;
  HttpClient http_;
  ClientSockets sockets_{*this};
  std::vector<Person> people_;
  Place place_;
  std::vector<HttpClient> posts_;
  std::vector<bool> began_;
  std::vector<bool> hears_;
  std::size_t hearing_ = 0;
  std::vector<InFlight> in_flight_;
  std::uint64_t next_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  parley::bench::Options options;
  CLI::App app("Messages to many sockets of a dialect, in a closed loop");
  app.add_option("--url", options.url, "of the server")->required();
  app.add_option("--pid", options.pid, "of the server, whose CPU time is counted")->required();
  app.add_option("--dialect", options.dialect, parley::bench::dialect_names())->capture_default_str();
  app.add_flag("--native-posts", options.posts_natively, "the author posts by the public contract: what deliveries alone cost");
  app.add_option("--sockets", options.sockets, "that hear the channel")->check(CLI::Range(1, 60'000))->capture_default_str();
  app.add_option("--window", options.window, "messages on their way")->check(CLI::Range(1, 10'000))->capture_default_str();
  app.add_option("--senders", options.senders, "sockets of the author's, which post in turns")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "of a message")->check(CLI::Range(9, 16'000))->capture_default_str();
  app.add_option("--warm", options.warm_s, "seconds before it is measured")->capture_default_str();
  app.add_option("--seconds", options.seconds, "measured")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (parley::bench::dialect_talk(options.dialect) == nullptr) parley::bench::give_up("no such dialect: " + options.dialect);
  if (options.senders > options.window) options.senders = options.window;
  parley::bench::Fanout(options).run();
  return 0;
}
