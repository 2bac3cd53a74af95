// get_history. Pages are large: those that the socket has no room for are sent one after the other, each when there is.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "codec/client_text.hpp"
#include "ingest/session.hpp"
#include "service/history.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using codec::Problem;

namespace {

constexpr std::chrono::milliseconds kLookAgain{5};
constexpr std::chrono::milliseconds kLookAgainAtLast{320};  // at a socket that does not drain

net::SharedFrame error_of(const std::string& id_json, Problem problem, std::string_view detail) {
  std::string text;
  codec::append_error(text, id_json, problem, detail);
  return net::make_frame(text);
}

std::string text_of(const std::string& id_json, const codec::GetHistory& query, const service::pb::ReadResponse& response) {
  std::string text;
  if (response.status() == service::pb::READ_STATUS_OK) {
    const service::History history(query.channel, query.page, response.messages());
    if (!codec::append_history_reply(text, id_json, history.page()))
      codec::append_error(text, id_json, Problem::Internal, "what is stored can't be read");
  } else if (response.status() == service::pb::READ_STATUS_NOT_FOUND) {
    codec::append_error(text, id_json, Problem::NotFound, "there is no such channel, or you may not see it");
  } else {
    codec::append_error(text, id_json, Problem::NotCaughtUp, "the read models are not so far yet, or can't be reached");
  }
  return text;
}

}  // namespace

asio::awaitable<bool> Session::wait_for_room(std::weak_ptr<Session> weak, std::size_t bytes,
                                             std::chrono::milliseconds& patience) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (auto pause = kLookAgain;; pause = std::min(2 * pause, kLookAgainAtLast)) {
    if (const auto self = weak.lock(); !self || self->is_closing())
      co_return false;
    else if (self->queued_bytes() < bytes)
      co_return true;
    else if (patience.count() <= 0)
      self->close(codec::CloseCode::SlowConsumer);
    patience -= pause;
    timer.expires_after(pause);
    boost::system::error_code error;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

void Session::get_history(std::string id_json, codec::GetHistory query) {
  const auto is_foreign = [this](const codec::Position& position) {
    return position.epoch != services_.identity.epoch || position.partition >= services_.identity.partitions;
  };
  if (std::ranges::any_of(query.min_position, is_foreign)) {
    return send(error_of(id_json, Problem::InvalidArgument, "min_position is of another log"));
  }
  auto request = service::history_request(query.channel, query.page);
  if (query.page.as_of)
    if (auto past = service::ask_as_of(request, *request.mutable_get_messages()->mutable_as_of(), *query.page.as_of,
                                       query.channel.slot(), {services_.identity.partitions, services_.identity.epoch});
        !past)
      return send(error_of(id_json, past.error().code, past.error().detail));
  const auto partition = core::partition_of(query.channel.slot(), services_.identity.partitions);
  request.set_partition(partition);
  request.set_caller(identity_.user.text);
  request.set_wait_ms(static_cast<std::uint32_t>(services_.limits.position_wait.count()));
  for (const auto& position : query.min_position)
    if (position.partition == partition) request.set_min_next_offset(std::max(request.min_next_offset(), position.next));
  begin_flight();
  asio::co_spawn(expiry_->get_executor(),
                 answer_history(weak_from_this(), services_, {std::move(id_json), std::move(query), std::move(request)}),
                 asio::detached);
}

asio::awaitable<void> Session::answer_history(std::weak_ptr<Session> weak, SessionServices& services, AskedHistory asked) {
  const auto text = text_of(asked.id_json, asked.query, co_await service::read(services.reads, asked.request));
  const auto self = weak.lock();
  if (!self || !self->socket_) co_return;
  if (self->histories_.empty() && self->has_room_for(text)) co_return self->answer(text);
  self->histories_.push_back(std::move(asked));
  if (self->histories_.size() == 1)
    asio::co_spawn(self->expiry_->get_executor(), answer_histories(weak, services), asio::detached);
}

// What there was no room for is read again when there is: nothing is kept meanwhile.
asio::awaitable<void> Session::answer_histories(std::weak_ptr<Session> weak, SessionServices& services) {
  const auto& limits = services.limits;
  while (true) {
    auto patience = limits.resume_patience;
    if (!co_await wait_for_room(weak, limits.room(), patience)) co_return;
    AskedHistory asked = weak.lock()->histories_.front();
    const auto text = text_of(asked.id_json, asked.query, co_await service::read(services.reads, std::move(asked.request)));
    auto self = weak.lock();
    if (self && self->socket_ && !self->has_room_for(text)) {
      self.reset();
      if (!co_await wait_for_room(weak, 1, patience)) co_return;
      self = weak.lock();
    }
    if (!self || !self->socket_) co_return;
    self->histories_.erase(self->histories_.begin());
    self->answer(text);
    if (self->histories_.empty()) co_return;
  }
}

bool Session::has_room_for(const std::string& page) const {
  const auto waiting = queued_bytes();
  return waiting == 0 || waiting + page.size() <= services_.limits.queue_bytes / 2;
}

void Session::answer(const std::string& text) {
  end_flight();
  send(net::make_frame(text));
}

}  // namespace parley::ingest
