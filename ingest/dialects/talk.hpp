// A socket that speaks a dialect. Inside is a session of the public contract, which hears events and may be asked with
// commands; outside are the dialect's frames. Between them the dialect translates. These systems have no hello: to be taken is
// to hear what is said from then on. So the session is there before the socket.
//
// Operation: frames are taken one after the other, each when the one before is done, but for those that the dialect has
// answered beside (posts, of which a client may send many): their answers come in order, too. Events go out as the session gets
// them, and are in whatever is read afterwards. Concurrency: its shard. Ownership: kept alive by its own coroutine; the session
// ends before it does. Limits: the session's, as for what is answered beside, and those of the socket; what waits for it to
// begin or for a channel to be looked up is bounded by kMaxHeldBytes, beyond which the socket is closed as one that is too
// slow.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>

#include "ingest/dialects/speech.hpp"
#include "ingest/session.hpp"

namespace parley::ingest::dialects {

// What the Talks of a shard share.
struct Commons {
  SessionServices& services;
  std::map<std::string, Telling, std::less<>> tellings;  // by dialect
};

class Talk : public std::enable_shared_from_this<Talk> {
  // --- what each event looks at, side by side
  const Speech& speech_;
  Telling& telling_;  // its dialect's
  std::unique_ptr<net::WebSocket> socket_;
  bool tells_ = false;                    // else what comes is held: it has not begun, or a channel is being looked up
  std::optional<codec::Position> heard_;  // the last event's

 public:
  // What the dialect keeps of this socket: a room that it is in, a channel that it asked for.
  core::ChannelId place_id;
  std::string place;
  core::ChannelId posted_in;  // the place in which a post has been taken last

  Talk(const Speech& speech, Commons& commons, auth::Identity who, runtime::TraceContext trace,
       std::unique_ptr<Allowance> allowance);
  // Before the handshake is answered: until it hears events, or can't.
  static boost::asio::awaitable<void> prepare(std::shared_ptr<Talk> self);
  // Nobody will run it after all, or not any more.
  void hang_up();
  static boost::asio::awaitable<void> run(std::shared_ptr<Talk> self, Handshake handshake,
                                          std::unique_ptr<net::WebSocket> socket);

  // --- for the dialect
  [[nodiscard]] dialect::Native& native();
  [[nodiscard]] const core::UserId& user() const { return native_.user(); }
  [[nodiscard]] const runtime::Clock& clock() const { return commons_.services.clock; }
  void say(const Json& frame) { say(net::make_frame(dialect::text_of(frame))); }
  void say(std::string_view text) { say(net::make_frame(text)); }
  void say(net::SharedFrame frame);
  [[nodiscard]] bool is_closing() const { return !socket_ || socket_->closing(); }
  void close(codec::CloseCode code) { close(static_cast<std::uint16_t>(code), codec::reason(code)); }
  void close(std::uint16_t code, std::string_view reason);
  // The session's reply to a command of the public contract's socket (its `id` is given here); null: the socket has ended.
  boost::asio::awaitable<Json> ask(Json command);
  // Charges for a frame; false: it was too much, and has been refused with this text, JSON or a frame.
  template <class Refused>
  boost::asio::awaitable<bool> afford(limit::Asks what, std::size_t bytes, const Refused& refused) {
    const auto refusal = charge(what, bytes);
    if (!refusal) co_return true;
    co_await in_turn();
    say(refused(*refusal));
    close_if_spent();
    co_return false;
  }
  // Begins to answer a frame at once, and lets the next be heard meanwhile. What it gives is said when the answers before it
  // have been; null: nothing is to be said. Whatever is to be in order must be asked for before it waits for the first time.
  boost::asio::awaitable<void> answer_beside(boost::asio::awaitable<Json> answer);
  // Everything that is answered beside has been: what is said and asked for now comes after it.
  boost::asio::awaitable<void> in_turn();
  // Says that the messages up to this one have reached the client (PUT …/delivered): at most once in kDeliveredEvery for all
  // channels together, of each the furthest.
  void delivered(const core::ChannelId& channel, std::uint64_t seq);
  // Whether events of the channel come here: then the user is in it, or has joined it as a room.
  [[nodiscard]] bool hears(const core::ChannelId& channel) const { return session_ && session_->hears(channel); }
  // What is known of a channel that the user is in (as GET /v1/channels/{c} has it); null: it is being looked up,
  // until there is an answer.
  const Json* channel(const core::ChannelId& id);

 private:
  class Inside;
  boost::asio::awaitable<void> converse(Handshake handshake);
  boost::asio::awaitable<std::optional<std::string>> next_command();
  std::optional<limit::Refusal> charge(limit::Asks what, std::size_t bytes);
  void close_if_spent();
  void say_answers();
  void native_said(const net::SharedFrame& frame);
  void tell(const net::SharedFrame& event);
  void tell_held();
  static boost::asio::awaitable<void> move_delivered(std::shared_ptr<Talk> self);
  static boost::asio::awaitable<void> look_up(std::shared_ptr<Talk> self, core::ChannelId id);
  // Whoever waits for something to change: a command to come, his reply, or anything else.
  using Waiting = std::vector<boost::asio::steady_timer*>;
  boost::asio::awaitable<void> wait(Waiting& among);
  static void wake(const Waiting& waiting);
  void wake_all();

  static constexpr std::size_t kMaxHeldBytes = 1 << 20;
  static constexpr std::chrono::seconds kDeliveredEvery{1};
  Commons& commons_;
  dialect::Native native_;
  std::unique_ptr<Allowance> allowance_;
  std::shared_ptr<Session> session_;
  boost::asio::any_io_executor executor_;
  Waiting for_command_, for_change_;
  bool greeted_ = false;
  bool session_over_ = false;
  bool hung_up_ = false;
  std::optional<std::pair<std::uint16_t, std::string>> closed_early_;  // before there was a socket
  std::deque<std::string> commands_;                                   // to the session, not read yet
  struct Reply {
    std::optional<Json> json;  // none: not there yet
    Waiting for_it;
  };
  std::map<std::string, Reply> replies_;  // by command
  std::uint64_t asked_ = 0;
  std::exception_ptr failed_;                // of one of those that follow
  std::deque<std::optional<Json>> answers_;  // of frames that are answered beside; none: not there yet
  std::deque<net::SharedFrame> held_;        // events before it has begun, or behind one whose channel is being looked up
  std::size_t held_bytes_ = 0;
  std::map<core::ChannelId, Json> channels_;                  // that have been looked up
  std::map<core::ChannelId, std::uint64_t> delivered_;        // not said yet; at most an entry for each channel of his
  std::shared_ptr<boost::asio::steady_timer> delivery_pace_;  // none: nothing has been delivered lately
};

}  // namespace parley::ingest::dialects
