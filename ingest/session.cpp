#include "ingest/session.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/door.hpp"
#include "codec/client_text.hpp"
#include "runtime/random.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using codec::CloseCode;
using codec::Problem;

namespace {

// Texts are made here and copied into a frame; one buffer serves the thread.
thread_local std::string text_buffer;
std::string& fresh_text() {
  text_buffer.clear();
  return text_buffer;
}

constexpr std::chrono::hours kLongestTimer{24};

}  // namespace

Session::Session(SessionServices& services, auth::Identity identity, std::string traceparent, bool resumes,
                 std::unique_ptr<Allowance> allowance)
    : services_(services),
      identity_(std::move(identity)),
      traceparent_(std::move(traceparent)),
      allowance_(std::move(allowance)) {
  connection_.id = runtime::random_u64();
  connection_.user = identity_.user;
  connection_.holds = resumes;
}

asio::awaitable<void> Session::run(std::shared_ptr<Session> self, std::unique_ptr<net::WebSocket> socket) {
  self->socket_ = std::move(socket);
  self->connection_.socket = self->socket_.get();
  const auto executor = co_await asio::this_coro::executor;
  self->expiry_ = std::make_unique<asio::steady_timer>(executor);
  if (co_await self->attach()) {
    self->watch_expiry();
    co_await self->converse();
  }
  self->services_.hub.leave(self->connection_);
  self->expiry_->cancel();
  self->socket_.reset();
}

asio::awaitable<bool> Session::attach() {
  asio::steady_timer timer(co_await asio::this_coro::executor, services_.limits.attach_timeout);
  waits_ = &timer;
  connection_.on_attached = [this] {
    say_hello();
    if (waits_ != nullptr) waits_->cancel();
  };
  services_.hub.enter(connection_);
  boost::system::error_code error;
  if (!connection_.greeted) co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  waits_ = nullptr;
  if (connection_.greeted) co_return true;
  socket_->close(static_cast<std::uint16_t>(CloseCode::Restarting), restarting_reason());
  co_return false;
}

void Session::say_hello() {
  char id[17];
  std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(connection_.id));
  codec::append_hello(fresh_text(), {.user_id = identity_.user.text,
                                     .connection_id = id,
                                     .ping_interval_ms = static_cast<std::uint64_t>(services_.limits.ping_interval.count()),
                                     .server_time = {services_.clock.now_ms()}});
  send();
}

asio::awaitable<void> Session::converse() {
  const auto executor = co_await asio::this_coro::executor;
  while (true) {
    auto text = co_await socket_->read();
    if (!text) {
      if (text.error().code == static_cast<std::uint16_t>(CloseCode::SlowConsumer)) services_.hub.count_slow_consumer();
      co_return;
    }
    handle(*text);
    while (has_enough_to_do()) {
      asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
      waits_ = &timer;
      boost::system::error_code error;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
      waits_ = nullptr;
    }
  }
}

bool Session::has_enough_to_do() const {
  return in_flight_ >= services_.limits.max_in_flight || behind_resume_.size() >= kMaxBehindResume;
}

void Session::handle(std::string_view text) {
  if (socket_->closing()) return;
  if (resuming_) return (void)behind_resume_.emplace_back(text);
  if (services_.clock.now_ms() >= identity_.expires_at_ms) return close(CloseCode::TokenExpired);
  auto frame = codec::parse_frame(text, identity_.user);
  if (allowance_ && !afford(frame, text.size())) return;
  if (!frame) return refuse(frame.error());
  bad_frames_ = 0;
  auto* const asked = std::get_if<codec::Resume>(&frame->body);
  if (connection_.holds != (asked != nullptr)) {
    codec::append_error(fresh_text(), frame->id_json, Problem::Conflict,
                        connection_.holds ? "the connection resumes first, and once"
                                          : "resume is the first command of a connection made with ?resume=1");
    return send();
  }
  if (asked != nullptr) return resume(std::move(frame->id_json), std::move(*asked));
  if (auto* payload = std::get_if<core::Payload>(&frame->body)) {
    auto taken = std::move(*payload);
    submit(std::move(*frame), std::move(taken));
  } else if (auto* history = std::get_if<codec::GetHistory>(&frame->body)) {
    get_history(std::move(frame->id_json), std::move(*history));
  } else if (auto* fresh = std::get_if<codec::Refresh>(&frame->body)) {
    refresh(std::move(frame->id_json), std::move(*fresh));
  } else if (const auto* typing = std::get_if<codec::Typing>(&frame->body)) {
    services_.hub.type(connection_, typing->channel);
  } else if (auto* watch = std::get_if<codec::WatchPresence>(&frame->body)) {
    watch_presence(std::move(frame->id_json), std::move(*watch));
  } else if (std::holds_alternative<codec::Ping>(frame->body)) {
    codec::append_pong(fresh_text(), frame->id_json);
    send();
  }
}

// What is refused for being too much is not looked into any further. Whoever asks for no answer gets none.
bool Session::afford(const Allowance::Parsed& frame, std::size_t bytes) {
  const auto refusal = allowance_->take(frame, bytes);
  if (!refusal) return true;
  if (!frame || !std::holds_alternative<codec::Typing>(frame->body)) {
    const auto& id = frame ? frame->id_json : frame.error().id_json;
    codec::append_error(fresh_text(), id, Problem::RateLimited, refusal->sentence());
    send();
  }
  if (allowance_->is_spent()) close(CloseCode::RateLimited);
  return false;
}

void Session::refuse(const codec::FrameError& error) {
  codec::append_error(fresh_text(), error.id_json, error.input.code, error.input.detail);
  send();
  bad_frames_ = error.not_an_object ? bad_frames_ + 1 : 0;
  if (bad_frames_ >= services_.limits.max_bad_frames) close(CloseCode::BadFrames);
}

void Session::submit(codec::ClientFrame frame, core::Payload payload) {
  if (leave_room(frame.id_json, payload) || is_refused(frame.id_json, payload)) return;
  begin_flight();
  auto command = services_.writer.command(identity_.user, std::move(frame.key), std::move(payload), traceparent_);
  services_.writer.submit(std::move(command), [weak = weak_from_this(), id = std::move(frame.id_json)](
                                                  const core::Command& sent, const Settled& settled) {
    if (const auto self = weak.lock(); self && self->socket_) self->answer(id, sent, settled);
  });
}

void Session::answer(const std::string& id_json, const core::Command& command, const Settled& settled) {
  end_flight();
  if (enter_room(id_json, command, settled)) return;
  const codec::Answered answered{command.id, settled.position, settled.duplicate};
  switch (settled.how) {
    case Settled::How::Decided:
      codec::append_reply(fresh_text(), id_json, command, settled.outcome, answered);
      break;
    case Settled::How::NotWritten:
      codec::append_error(fresh_text(), id_json, Problem::LogUnavailable,
                          "the log does not take commands now; nothing was written");
      break;
    case Settled::How::Unknown:
      codec::append_outcome_unknown(fresh_text(), id_json, answered);
      break;
  }
  send();
}

void Session::end_flight() {
  --in_flight_;
  stop_waiting();
}

void Session::stop_waiting() {
  if (waits_ != nullptr && !has_enough_to_do()) waits_->cancel();
}

void Session::refresh(std::string id_json, codec::Refresh refresh) {
  begin_flight();
  asio::co_spawn(expiry_->get_executor(),
                 answer_refresh(weak_from_this(), &services_.door, std::move(id_json), std::move(refresh.token)),
                 asio::detached);
}

asio::awaitable<void> Session::answer_refresh(std::weak_ptr<Session> weak, api::Door* door, std::string id_json,
                                              std::string token) {
  co_await door->await_key(token);
  const auto self = weak.lock();
  if (!self || !self->socket_) co_return;
  self->end_flight();
  auto fresh = door->verify(token);
  if (!fresh || fresh->user != self->identity_.user) {
    codec::append_error(fresh_text(), id_json, Problem::Unauthenticated,
                        fresh ? "the token is another user's" : auth::describe(fresh.error()));
    co_return self->send();
  }
  self->identity_ = std::move(*fresh);
  self->watch_expiry();
  codec::append_refreshed(fresh_text(), id_json, {self->identity_.expires_at_ms});
  self->send();
}

// Closes exactly at expiry; a far one is looked at again each day, since timers count in steady time.
void Session::watch_expiry() {
  const std::chrono::milliseconds left(identity_.expires_at_ms - services_.clock.now_ms());
  expiry_->expires_after(std::min<std::chrono::milliseconds>(left, kLongestTimer));
  expiry_->async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self || !self->socket_) return;
    if (self->services_.clock.now_ms() >= self->identity_.expires_at_ms)
      self->close(CloseCode::TokenExpired);
    else
      self->watch_expiry();
  });
}

void Session::send() { socket_->send(net::make_frame(text_buffer)); }

void Session::close(CloseCode code) { socket_->close(static_cast<std::uint16_t>(code), codec::reason(code)); }

}  // namespace parley::ingest
