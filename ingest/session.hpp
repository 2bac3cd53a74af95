// One WebSocket from hello to close: reads commands, hands them on, answers. Events reach the socket through the hub.
//
// Concurrency: its shard. Ownership: kept alive by its own coroutine; answers that come late find it gone. Limits:
// SessionLimits; a client that has too much in flight is not read from until some of it is answered.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "auth/token.hpp"
#include "codec/client_frame.hpp"
#include "codec/close_code.hpp"
#include "ingest/allowance.hpp"
#include "ingest/resume_plan.hpp"
#include "ingest/shard_hub.hpp"
#include "ingest/turnstile.hpp"
#include "ingest/writer.hpp"
#include "service/read_model.hpp"

namespace parley::api {
class Door;
}

namespace parley::ingest {

struct SessionLimits {
  std::size_t max_in_flight = 256;                    // commands of a connection that are not answered yet
  std::size_t queue_bytes = 1 << 20;                  // that wait for the socket; beyond: 4408
  std::size_t max_rooms = 100;                        // of a connection
  unsigned max_bad_frames = 10;                       // in a row that are no JSON objects; then 4400
  std::chrono::milliseconds attach_timeout{10'000};   // for the broadcaster to answer a connection, a watch or a join
  std::chrono::milliseconds position_wait{2000};      // for get_history's min_position
  std::uint64_t max_resume_gap = 10'000;              // events of a channel; beyond: to be fetched anew
  std::size_t resumes_at_once = 64;                   // that read, on a shard; others wait
  std::chrono::milliseconds resume_patience{60'000};  // for the socket to take what it missed, all of it, or a page; then 4408
  std::chrono::milliseconds ping_interval{25'000};    // told in hello

  // What is sent piece by piece goes on when less than this waits: the rest of the queue is for events.
  [[nodiscard]] std::size_t room() const { return std::min<std::size_t>(queue_bytes / 4, 256 << 10); }
};

// For an answer of the broadcaster's.
struct Wait {
  boost::asio::steady_timer timer;
  bool over = false;
};

// What the sessions of a shard share.
struct SessionServices {
  ShardHub& hub;
  Writer& writer;
  service::ReadModel& reads;
  api::Door& door;  // verifies the token of a refresh
  const runtime::Clock& clock;
  LogIdentity identity;
  SessionLimits limits;
  Turnstile& resumes;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  // `resumes`: its first command is a resume, and it hears nothing before. No `allowance`: it may send as much as it likes.
  Session(SessionServices& services, auth::Identity identity, std::string traceparent, bool resumes,
          std::unique_ptr<Allowance> allowance);

  static boost::asio::awaitable<void> run(std::shared_ptr<Session> self, std::unique_ptr<net::WebSocket> socket);

  // --- of a session that has begun
  void send(net::SharedFrame frame) { socket_->send(std::move(frame)); }
  void close(codec::CloseCode code);
  [[nodiscard]] bool is_closing() const { return !socket_ || socket_->closing(); }
  [[nodiscard]] std::size_t queued_bytes() const { return socket_->queued_bytes(); }
  [[nodiscard]] bool hears(const core::ChannelId& channel) const { return connection_.hears(channel); }
  // Until fewer bytes wait for the socket. False: it has ended, or was waited for for longer than `patience`, of which is taken
  // what it took; then it is closed as a slow consumer.
  static boost::asio::awaitable<bool> wait_for_room(std::weak_ptr<Session> weak, std::size_t bytes,
                                                    std::chrono::milliseconds& patience);

 private:
  boost::asio::awaitable<bool> attach();
  void say_hello();
  boost::asio::awaitable<void> converse();
  void handle(std::string_view text);
  bool afford(const Allowance::Parsed& frame, std::size_t bytes);
  void refuse(const codec::FrameError& error);
  void submit(codec::ClientFrame frame, core::Payload payload);
  void answer(const std::string& id_json, const core::Command& command, const Settled& settled);
  void refresh(std::string id_json, codec::Refresh refresh);
  static boost::asio::awaitable<void> answer_refresh(std::weak_ptr<Session> weak, api::Door* door, std::string id_json,
                                                     std::string token);
  // --- session_rooms.cpp
  bool is_refused(const std::string& id_json, const core::Payload& payload);
  bool leave_room(const std::string& id_json, const core::Payload& payload);
  bool enter_room(const std::string& id_json, const core::Command& command, const Settled& settled);
  void entered(const std::string& id_json, const core::Command& command, const Settled& settled,
               const service::Listening* heard);
  // --- session_presence.cpp
  void watch_presence(std::string id_json, codec::WatchPresence watch);
  void answer_watch(const std::string& id_json, Watches::How how);
  // --- session_history.cpp
  struct AskedHistory {
    std::string id_json;
    codec::GetHistory query;
    service::pb::ReadRequest request;
  };
  void get_history(std::string id_json, codec::GetHistory query);
  static boost::asio::awaitable<void> answer_history(std::weak_ptr<Session> weak, SessionServices& services,
                                                     AskedHistory asked);
  static boost::asio::awaitable<void> answer_histories(std::weak_ptr<Session> weak, SessionServices& services);
  [[nodiscard]] bool has_room_for(const std::string& page) const;
  void answer(const std::string& text);
  // --- resume.cpp
  void resume(std::string id_json, codec::Resume asked);
  static boost::asio::awaitable<void> answer_resume(std::weak_ptr<Session> weak, SessionServices& services, std::string id_json,
                                                    ResumePlan plan, std::vector<std::uint64_t> next);
  static boost::asio::awaitable<bool> send_missed(const std::weak_ptr<Session>& weak, SessionServices& services,
                                                  ResumePlan& plan, std::vector<std::uint64_t> next);
  static bool may_keep_for(const std::weak_ptr<Session>& weak, const ShardHub& hub);
  void resumed(const std::string& id_json, const ResumePlan& plan, bool whole);
  void hear_what_waited();
  // --- session.cpp
  [[nodiscard]] bool has_enough_to_do() const;  // nothing more is read meanwhile
  void stop_waiting();
  void watch_expiry();
  void send();  // the text that was made last
  void begin_flight() { ++in_flight_; }
  void end_flight();

  static constexpr std::size_t kMaxBehindResume = 16;  // frames that are kept until a resume is answered
  SessionServices& services_;
  auth::Identity identity_;
  std::string traceparent_;
  std::unique_ptr<net::WebSocket> socket_;
  std::unique_ptr<Allowance> allowance_;
  Connection connection_;
  boost::asio::steady_timer* waits_ = nullptr;  // while attach() waits for the hub, or converse() for something in flight
  std::unique_ptr<boost::asio::steady_timer> expiry_;
  std::size_t in_flight_ = 0;
  std::vector<core::ChannelId> entering_;  // rooms that are being opened or asked for
  unsigned bad_frames_ = 0;
  bool resuming_ = false;  // has begun, and is not answered yet
  std::vector<std::string> behind_resume_;
  std::vector<AskedHistory> histories_;  // that wait for room; the first is being answered
};

}  // namespace parley::ingest
