#include "ingest/dialects/talk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace parley::ingest::dialects {

namespace asio = boost::asio;

namespace {

constexpr std::uint16_t kFailed = 1011;  // RFC 6455, section 7.4.1
constexpr unsigned kServerErrors = 500;
constexpr std::chrono::milliseconds kLookAgainAfter{100};

}  // namespace

// The socket as the session sees it: what it sends is for the Talk to translate, what it reads is what the Talk asks.
class Talk::Inside final : public net::WebSocket {
 public:
  explicit Inside(Talk& talk) : talk_(talk) {}
  asio::awaitable<std::expected<std::string_view, net::Closed>> read() override {
    auto command = co_await talk_.next_command();
    if (!command) co_return std::unexpected(net::Closed{});
    command_ = std::move(*command);
    co_return command_;
  }
  void send(net::SharedFrame frame) override { talk_.native_said(frame); }
  void close(std::uint16_t code, std::string_view reason) override { talk_.close(code, reason); }
  [[nodiscard]] bool closing() const override { return talk_.socket_ && talk_.socket_->closing(); }
  [[nodiscard]] std::size_t queued_bytes() const override { return talk_.socket_ ? talk_.socket_->queued_bytes() : 0; }
  [[nodiscard]] bool batches() const override { return false; }

 private:
  Talk& talk_;
  std::string command_;
};

Talk::Talk(const Speech& speech, Commons& commons, auth::Identity who, runtime::TraceContext trace,
           std::unique_ptr<Allowance> allowance)
    : speech_(speech),
      telling_(commons.tellings[std::string(speech.name())]),
      commons_(commons),
      native_(commons.services.door, who, trace),
      allowance_(std::move(allowance)),
      session_(std::make_shared<Session>(commons.services, std::move(who), trace.traceparent(), false, nullptr)) {}

// The session's coroutine ends first: what it holds looks at this.
asio::awaitable<void> Talk::prepare(std::shared_ptr<Talk> self) {
  self->executor_ = co_await asio::this_coro::executor;
  asio::co_spawn(self->executor_, Session::run(self->session_, std::make_unique<Inside>(*self)),
                 [self](const std::exception_ptr&) {
                   self->session_over_ = true;
                   self->wake_all();
                 });
  while (!self->greeted_ && !self->session_over_) co_await self->wait(self->for_change_);
}

void Talk::hang_up() {
  hung_up_ = true;
  wake_all();
}

asio::awaitable<void> Talk::run(std::shared_ptr<Talk> self, Handshake handshake, std::unique_ptr<net::WebSocket> socket) {
  self->socket_ = std::move(socket);
  if (self->closed_early_) self->close(self->closed_early_->first, self->closed_early_->second);
  co_await self->converse(std::move(handshake));
  if (self->delivery_pace_) self->delivery_pace_->cancel();
  self->hang_up();
  while (!self->session_over_ || !self->answers_.empty()) co_await self->wait(self->for_change_);
  self->session_.reset();
  self->socket_.reset();
  if (self->failed_) std::rethrow_exception(self->failed_);  // as it would be, had it not been answered beside: it is logged
}

asio::awaitable<void> Talk::converse(Handshake handshake) {
  if (session_over_ || !co_await speech_.begin(*this, std::move(handshake))) co_return;
  tells_ = true;
  tell_held();
  while (true) {
    const auto text = co_await socket_->read();
    if (!text) {
      if (text.error().code == static_cast<std::uint16_t>(codec::CloseCode::SlowConsumer))
        commons_.services.hub.count_slow_consumer();
      co_return;
    }
    if (!socket_->closing()) co_await speech_.heard(*this, *text);
  }
}

// What waits is told that something has changed, and looks for itself.
asio::awaitable<void> Talk::wait(Waiting& among) {
  asio::steady_timer timer(executor_, asio::steady_timer::time_point::max());
  struct Listed {
    Waiting& all;
    asio::steady_timer& one;
    Listed(Waiting& those, asio::steady_timer& that) : all(those), one(that) { all.push_back(&one); }
    ~Listed() { std::erase(all, &one); }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
  } listed(among, timer);
  boost::system::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

void Talk::wake(const Waiting& waiting) {
  for (auto* timer : waiting) timer->cancel();
}

void Talk::wake_all() {
  wake(for_command_);
  wake(for_change_);
  for (const auto& [id, reply] : replies_) wake(reply.for_it);
}

void Talk::say(net::SharedFrame frame) {
  if (socket_) socket_->send(std::move(frame));  // which takes nothing more once it closes
}

// It is kept beside the socket until somebody wants to read: most who hear do not.
dialect::Native& Talk::native() {
  if (heard_) native_.saw(*heard_);
  return native_;
}

void Talk::close(std::uint16_t code, std::string_view reason) {
  if (socket_)
    socket_->close(code, reason);
  else
    closed_early_.emplace(code, reason);
}

std::optional<limit::Refusal> Talk::charge(limit::Asks what, std::size_t bytes) {
  return allowance_ ? allowance_->take(what, bytes) : std::nullopt;
}

void Talk::close_if_spent() {
  if (allowance_->is_spent()) close(codec::CloseCode::RateLimited);
}

asio::awaitable<void> Talk::answer_beside(asio::awaitable<Json> answer) {
  while (answers_.size() >= commons_.services.limits.max_in_flight) co_await wait(for_change_);
  auto& mine = answers_.emplace_back();
  asio::co_spawn(executor_, std::move(answer), [self = shared_from_this(), &mine](const std::exception_ptr& failed, Json said) {
    mine = std::move(said);
    if (failed) {
      self->failed_ = failed;
      self->close(kFailed, "the server failed");
    }
    self->say_answers();
  });
}

void Talk::say_answers() {
  for (; !answers_.empty() && answers_.front(); answers_.pop_front())
    if (!answers_.front()->is_null()) say(*answers_.front());
  wake(for_change_);
}

asio::awaitable<void> Talk::in_turn() {
  while (!answers_.empty()) co_await wait(for_change_);
}

asio::awaitable<Json> Talk::ask(Json command) {
  auto id = std::to_string(++asked_);
  command["id"] = id;
  commands_.push_back(dialect::text_of(command));
  wake(for_command_);
  auto& reply = replies_[id];
  while (!reply.json && !session_over_ && !hung_up_) co_await wait(reply.for_it);
  auto json = std::move(reply.json).value_or(nullptr);
  replies_.erase(id);
  co_return json;
}

asio::awaitable<std::optional<std::string>> Talk::next_command() {
  while (commands_.empty() && !hung_up_) co_await wait(for_command_);
  if (hung_up_) co_return std::nullopt;
  auto command = std::move(commands_.front());
  commands_.pop_front();
  co_return command;
}

// Replies begin with the id that was given, events with their type.
void Talk::native_said(const net::SharedFrame& frame) {
  if (!frame->text().starts_with(R"({"type":)")) {
    auto reply = dialect::parse_own(frame->text());
    const auto it = replies_.find(dialect::text_in(reply, "id"));
    if (it == replies_.end()) return;
    it->second.json = std::move(reply);
    return wake(it->second.for_it);
  }
  if (!greeted_) {  // hello is the first
    greeted_ = true;
    return wake(for_change_);
  }
  if (tells_) return tell(frame);
  held_bytes_ += frame->text().size();
  if (held_bytes_ > kMaxHeldBytes) return close(codec::CloseCode::SlowConsumer);
  held_.push_back(frame);
}

void Talk::tell(const net::SharedFrame& event) {
  telling_.is(event);
  if (const auto& position = telling_.position()) {
    if (heard_ && heard_->partition != position->partition) native_.saw(*heard_);
    heard_ = position;
  }
  if (speech_.tell(*this, telling_)) return;
  held_bytes_ += event->text().size();
  held_.push_front(event);
}

void Talk::delivered(const core::ChannelId& channel, std::uint64_t seq) {
  auto& furthest = delivered_[channel];
  furthest = std::max(furthest, seq);
  if (delivery_pace_ || hung_up_) return;
  delivery_pace_ = std::make_shared<asio::steady_timer>(executor_);
  asio::co_spawn(executor_, move_delivered(shared_from_this()), asio::detached);
}

// What comes while it waits goes along with the next round; with the socket it ends, when what was delivered has been said.
asio::awaitable<void> Talk::move_delivered(std::shared_ptr<Talk> self) {
  co_await asio::post(self->executor_, asio::use_awaitable);
  while (!self->delivered_.empty()) {
    for (const auto& [channel, seq] : std::exchange(self->delivered_, {}))
      (void)co_await self->native_.put(dialect::path_of("/v1/channels/{}/delivered", {channel.text()}), Json{{"seq", seq}});
    if (self->hung_up_) continue;
    self->delivery_pace_->expires_after(kDeliveredEvery);
    boost::system::error_code error;
    co_await self->delivery_pace_->async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  self->delivery_pace_.reset();
}

const Json* Talk::channel(const core::ChannelId& id) {
  if (const auto it = channels_.find(id); it != channels_.end()) return &it->second;
  if (!std::exchange(tells_, false)) return nullptr;
  asio::co_spawn(executor_, look_up(shared_from_this(), id), asio::detached);
  return nullptr;
}

asio::awaitable<void> Talk::look_up(std::shared_ptr<Talk> self, core::ChannelId id) {
  co_await asio::post(self->executor_, asio::use_awaitable);
  const auto path = dialect::path_of("/v1/channels/{}", {id.text()});
  auto reply = co_await self->native().get(path);
  for (asio::steady_timer pause(self->executor_); reply.status >= kServerErrors && !self->hung_up_;) {
    pause.expires_after(kLookAgainAfter);
    boost::system::error_code error;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    reply = co_await self->native().get(path);
  }
  const bool is_seen = reply.ok();
  self->channels_[id] = is_seen ? std::move(reply.body) : Json::object();
  self->tells_ = true;
  self->tell_held();
  if (!is_seen) self->channels_.erase(id);  // he may be let in again
}

void Talk::tell_held() {
  while (!held_.empty() && tells_) {
    const auto event = std::move(held_.front());
    held_.pop_front();
    held_bytes_ -= event->text().size();
    tell(event);
  }
}

}  // namespace parley::ingest::dialects
