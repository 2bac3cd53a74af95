// The answer to resume: what was missed, then how far everything has come, then what was held back meanwhile.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <span>

#include "codec/client_text.hpp"
#include "ingest/session.hpp"
#include "service/history.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
namespace pb = service::pb;
using codec::Problem;

namespace {

constexpr std::size_t kEventsAtOnce = 256;

// One partition's part of a plan, from the first that is left: so many events, and channels.
pb::ReadRequest request_for(const std::vector<Missed>& missed, std::size_t first, std::size_t limit) {
  pb::ReadRequest request;
  request.mutable_resume()->set_limit(static_cast<std::uint32_t>(limit));
  for (const auto& one : std::span(missed).subspan(first, std::min(limit, missed.size() - first))) {
    auto& channel = *request.mutable_resume()->add_channels();
    channel.set_id(std::string(one.channel.bytes()));
    channel.set_after(one.after.value);
    channel.set_up_to(one.up_to.value);
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

// Only reading takes a place: a socket that is slow to take what was read holds up nobody but itself.
asio::awaitable<pb::ReadResponse> read_in_turn(SessionServices& services, pb::ReadRequest request) {
  const auto pass = co_await services.resumes.enter();
  co_return co_await service::read(services.reads, std::move(request));
}

// Sends to a session that may have ended, in portions that its socket has room for. Nothing is kept while that is waited for:
// what there was no room for is read again.
class Sender {
 public:
  Sender(std::weak_ptr<Session> session, const SessionLimits& limits)
      : session_(std::move(session)), room_(limits.room()), patience_(limits.resume_patience) {}

  // Before each portion. False: the session has ended, or was waited for too long, all its portions together.
  asio::awaitable<bool> wait_for_room() {
    portion_ = cut_ ? std::max<std::size_t>(sent_, 1) : std::min(2 * portion_, kEventsAtOnce);
    sent_ = 0;
    cut_ = false;
    co_return co_await Session::wait_for_room(session_, room_, patience_);
  }
  // How many events are worth fetching: about as many as the socket took last time.
  [[nodiscard]] std::size_t portion() const { return portion_; }
  // The first of them, as many as there is room for.
  std::size_t send(const std::vector<net::SharedFrame>& frames) {
    std::size_t sent = 0;
    if (const auto session = session_.lock())
      while (sent < frames.size() && !session->is_closing() && session->queued_bytes() < room_) session->send(frames[sent++]);
    sent_ += sent;
    cut_ = cut_ || sent < frames.size();
    return sent;
  }

 private:
  std::weak_ptr<Session> session_;
  std::size_t room_;
  std::chrono::milliseconds patience_;
  std::size_t portion_ = kEventsAtOnce;
  std::size_t sent_ = 0;  // of the portion
  bool cut_ = false;      // there was no room for all of it
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
  const bool whole = co_await send_missed(weak, services, plan, std::move(next));
  const auto self = weak.lock();
  if (!self || !self->socket_) co_return;
  self->resumed(id_json, plan, whole);
  self->hear_what_waited();
}

// False: not all of it.
asio::awaitable<bool> Session::send_missed(const std::weak_ptr<Session>& weak, SessionServices& services, ResumePlan& plan,
                                           std::vector<std::uint64_t> next) {
  const service::LogShape log{services.identity.partitions, services.identity.epoch};
  Sender sender(weak, services.limits);
  bool whole = true;
  for (std::uint32_t partition = 0; whole && partition < plan.missed.size(); ++partition) {
    auto& missed = plan.missed[partition];
    for (std::size_t first = 0; whole && first < missed.size();) {
      if (!co_await sender.wait_for_room()) co_return false;
      auto& one = missed[first];
      const core::Version portion_end{std::min(one.up_to.value, one.after.value + sender.portion())};
      if (one.up_to.value != 0)
        if (const auto frames = services.hub.recent().between(one.channel, one.after, portion_end); !frames.empty()) {
          const auto sent = sender.send(frames);
          services.hub.metrics().resumed_from_memory.add(sent);
          one.after.value += sent;
          if (one.after == one.up_to) ++first;
          continue;
        }
      auto request = request_for(missed, first, sender.portion());
      request.set_partition(partition);
      request.set_min_next_offset(next[partition]);
      request.set_wait_ms(static_cast<std::uint32_t>(services.limits.position_wait.count()));
      if (const auto self = weak.lock()) request.set_caller(self->identity_.user.text);
      const auto forgotten = services.hub.recent().times_forgotten();
      const auto response = co_await read_in_turn(services, std::move(request));
      const bool may_keep = forgotten == services.hub.recent().times_forgotten() && may_keep_for(weak, services.hub);
      whole = response.status() == pb::READ_STATUS_OK && response.resume().channels_size() > 0;
      for (int i = 0; whole && i < response.resume().channels_size(); ++i) {
        const auto& answer = response.resume().channels(i);
        auto& told = missed[first];
        const auto frames = frames_of(answer, told.channel.slot(), log);
        whole = frames.size() == static_cast<std::size_t>(answer.events_size());
        if (!whole) break;
        if (may_keep && told.up_to.value != 0 && !answer.own() && !answer.reset())
          services.hub.recent().add_earlier(told.channel, told.after.next(), frames);
        const auto sent = sender.send(frames);
        services.hub.metrics().resumed_from_state.add(sent);
        if (sent > 0) told.after = {answer.events(static_cast<int>(sent) - 1).change().version()};
        if (answer.has_more() || sent < frames.size()) break;
        if (answer.reset()) plan.reset.push_back(told.channel);
        ++first;
      }
    }
  }
  co_return whole;
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

// In its turn. What would resume once more has what is behind it wait again.
void Session::hear_what_waited() {
  for (const auto& text : std::exchange(behind_resume_, {})) handle(text);
  stop_waiting();
}

}  // namespace parley::ingest
