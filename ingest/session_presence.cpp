#include "codec/client_text.hpp"
#include "ingest/session.hpp"

namespace parley::ingest {

// The connection leaves the hub, and so the watches, before the session ends: until then `this` is there.
void Session::watch_presence(std::string id_json, codec::WatchPresence watch) {
  begin_flight();
  auto& watches = services_.hub.watches();
  const auto wait = std::make_shared<Wait>(Wait{{expiry_->get_executor(), services_.limits.attach_timeout}});
  watches.watch(connection_, std::move(watch.users), [this, wait, id = std::move(id_json)](Watches::How how) {
    wait->over = true;
    wait->timer.cancel();
    answer_watch(id, how);
  });
  if (wait->over) return;
  wait->timer.async_wait([weak = weak_from_this(), wait](boost::system::error_code) {
    const auto self = weak.lock();
    if (self && self->socket_ && !wait->over) self->services_.hub.watches().give_up(self->connection_);
  });
}

// At once, so that what changes afterwards is told afterwards.
void Session::answer_watch(const std::string& id_json, Watches::How how) {
  end_flight();
  std::string text;
  switch (how) {
    case Watches::How::Known: {
      const auto now = services_.hub.watches().tell(connection_);
      codec::append_watching(text, id_json, now.online, now.last_seen);
      break;
    }
    case Watches::How::Replaced:
      codec::append_error(text, id_json, codec::Problem::Conflict, "another watch_presence took its place");
      break;
    case Watches::How::GivenUp:
      codec::append_error(text, id_json, codec::Problem::NotCaughtUp, "who is online can't be told now");
      break;
  }
  socket_->send(net::make_frame(text));
}

}  // namespace parley::ingest
