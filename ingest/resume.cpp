// The answer to resume: what was missed, then how far everything has come, then what was held back meanwhile.
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
namespace pb = service::pb;
using codec::Problem;

namespace {

constexpr std::uint32_t kEventsAtOnce = 256;
constexpr std::size_t kQueuedBytes = 256 << 10;  // in the socket: more is sent when less waits
constexpr std::chrono::milliseconds kLookAgain{5};

// One partition's part of a plan, from the first that is left.
pb::ReadRequest request_for(const std::vector<Missed>& missed, std::size_t first) {
  pb::ReadRequest request;
  request.mutable_resume()->set_limit(kEventsAtOnce);
  for (auto it = missed.begin() + static_cast<std::ptrdiff_t>(first); it != missed.end(); ++it) {
    auto& channel = *request.mutable_resume()->add_channels();
    channel.set_id(std::string(it->channel.bytes()));
    channel.set_after(it->after.value);
    channel.set_up_to(it->up_to.value);
  }
  return request;
}

std::vector<net::SharedFrame> frames_of(const pb::ResumeAnswer::Channel& answer, core::Slot slot,
                                        const service::LogShape& log) {
  std::vector<net::SharedFrame> frames;
  std::string text;
  for (const auto& event : answer.events()) {
    text.clear();
    if (!service::append_event(text, event, slot, log)) return {};
    frames.push_back(net::make_frame(text));
  }
  return frames;
}

// Sends to a session that may have ended, and waits for a slow one to take what it was sent.
class Sender {
 public:
  Sender(std::weak_ptr<Session> session, std::chrono::milliseconds patience)
      : session_(std::move(session)), patience_(patience) {}

  // False: it has ended.
  asio::awaitable<bool> send(std::vector<net::SharedFrame> frames) {
    for (auto& frame : frames) {
      if (!co_await has_room()) co_return false;
      if (const auto session = session_.lock()) session->send(std::move(frame));
    }
    co_return true;
  }

 private:
  asio::awaitable<bool> has_room() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    const auto until = std::chrono::steady_clock::now() + patience_;
    while (true) {
      if (const auto session = session_.lock(); !session || session->is_closing())
        co_return false;
      else if (session->queued_bytes() < kQueuedBytes)
        co_return true;
      else if (std::chrono::steady_clock::now() > until)
        session->close(codec::CloseCode::SlowConsumer);
      timer.expires_after(kLookAgain);
      boost::system::error_code error;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  std::weak_ptr<Session> session_;
  std::chrono::milliseconds patience_;
};

}  // namespace

void Session::resume(std::string id_json, codec::Resume asked) {
  resuming_ = true;
  auto plan = plan_resume(connection_.live, asked.channels, services_.identity.partitions, services_.limits.max_resume_gap);
  asio::co_spawn(expiry_->get_executor(),
                 answer_resume(weak_from_this(), services_, std::move(id_json), std::move(plan), connection_.next),
                 asio::detached);
}

asio::awaitable<void> Session::answer_resume(std::weak_ptr<Session> weak, SessionServices& services, std::string id_json,
                                             ResumePlan plan, std::vector<std::uint64_t> next) {
  const auto pass = co_await services.resumes.enter();
  const service::LogShape log{services.identity.partitions, services.identity.epoch};
  Sender sender(weak, services.limits.attach_timeout);
  bool whole = true;
  for (std::uint32_t partition = 0; whole && partition < plan.missed.size(); ++partition) {
    auto& missed = plan.missed[partition];
    for (std::size_t first = 0; whole && first < missed.size();) {
      auto& one = missed[first];
      if (one.up_to.value != 0)
        if (auto frames = services.hub.recent().between(one.channel, one.after, one.up_to); !frames.empty()) {
          services.hub.metrics().resumed_from_memory.add(frames.size());
          if (!co_await sender.send(std::move(frames))) co_return;
          ++first;
          continue;
        }
      auto request = request_for(missed, first);
      request.set_partition(partition);
      request.set_min_next_offset(next[partition]);
      request.set_wait_ms(static_cast<std::uint32_t>(services.limits.position_wait.count()));
      if (const auto self = weak.lock()) request.set_caller(self->identity_.user.text);
      const auto forgotten = services.hub.recent().times_forgotten();
      const auto response = co_await service::read(services.reads, std::move(request));
      const bool may_keep = forgotten == services.hub.recent().times_forgotten() && may_keep_for(weak, services.hub);
      whole = response.status() == pb::READ_STATUS_OK && response.resume().channels_size() > 0;
      for (int i = 0; whole && i < response.resume().channels_size(); ++i) {
        const auto& answer = response.resume().channels(i);
        auto& told = missed[first];
        auto frames = frames_of(answer, told.channel.slot(), log);
        whole = frames.size() == static_cast<std::size_t>(answer.events_size());
        if (may_keep && told.up_to.value != 0 && !answer.own() && !answer.reset())
          services.hub.recent().add_earlier(told.channel, told.after.next(), frames);
        services.hub.metrics().resumed_from_state.add(frames.size());
        if (whole && !co_await sender.send(std::move(frames))) co_return;
        if (answer.events_size() > 0) told.after = {answer.events().rbegin()->change().version()};
        if (answer.has_more()) break;
        if (answer.reset()) plan.reset.push_back(told.channel);
        ++first;
      }
    }
  }
  const auto self = weak.lock();
  if (!self || !self->socket_) co_return;
  self->resumed(id_json, plan, whole);
}

bool Session::may_keep_for(const std::weak_ptr<Session>& weak, const ShardHub& hub) {
  const auto self = weak.lock();
  return self && hub.may_keep_for(self->connection_);
}

void Session::resumed(const std::string& id_json, const ResumePlan& plan, bool whole) {
  resuming_ = false;
  std::string text;
  if (!whole) {
    codec::append_error(text, id_json, Problem::NotCaughtUp, "the read models are not so far yet, or can't be reached");
    return send(net::make_frame(text));
  }
  std::vector<std::pair<core::ChannelId, core::Version>> now;
  now.reserve(connection_.live.size());
  for (const auto& membership : connection_.live) now.emplace_back(membership.channel, membership.version);
  codec::append_resumed(text, id_json, now, plan.reset);
  send(net::make_frame(text));
  services_.hub.metrics().resumes.add();
  services_.hub.release(connection_);
}

}  // namespace parley::ingest
