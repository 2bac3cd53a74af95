// Joining and leaving rooms: to open one is a command like any other, to listen to it concerns this connection alone.
#include <algorithm>

#include "codec/client_text.hpp"
#include "codec/position.hpp"
#include "ingest/session.hpp"

namespace parley::ingest {

namespace {

// The room that a command opens, or may be about: who may not join a channel may have named a room by its id.
const core::ChannelId* room_of(const core::Command& command, const Settled& settled) {
  if (settled.how != Settled::How::Decided) return nullptr;
  const auto& outcome = settled.outcome;
  const bool accepted = outcome.status == core::Status::Accepted;
  if (const auto* open = std::get_if<core::OpenRoom>(&command.payload)) return accepted ? &open->channel : nullptr;
  const auto* join = std::get_if<core::SetChannelMember>(&command.payload);
  return join != nullptr && !accepted && outcome.code == core::Code::Forbidden ? &join->channel : nullptr;
}

}  // namespace

// A connection that is in too many rooms opens no other.
bool Session::is_refused(const std::string& id_json, const core::Payload& payload) {
  const auto* open = std::get_if<core::OpenRoom>(&payload);
  if (open == nullptr) return false;
  const bool is_in = std::ranges::find(connection_.rooms, open->channel) != connection_.rooms.end();
  if (is_in || connection_.rooms.size() + entering_.size() < services_.limits.max_rooms) {
    entering_.push_back(open->channel);
    return false;
  }
  std::string text;
  codec::append_error(text, id_json, codec::Problem::Conflict, "the connection is in too many rooms: leave one");
  socket_->send(net::make_frame(text));
  return true;
}

// True: it was a room that the connection is in, or is about to be; the log has nothing to do with it.
bool Session::leave_room(const std::string& id_json, const core::Payload& payload) {
  const auto* leave = std::get_if<core::RemoveChannelMember>(&payload);
  if (leave == nullptr) return false;
  std::string text;
  if (const auto heard = services_.hub.unlisten(connection_, leave->channel))
    codec::append_room_reply(text, id_json, {leave->channel, heard->last_seq, heard->version}, nullptr);
  else if (std::ranges::find(entering_, leave->channel) != entering_.end())
    codec::append_error(text, id_json, codec::Problem::Conflict, "it is being joined: wait for that to be answered");
  else
    return false;
  socket_->send(net::make_frame(text));
  return true;
}

// True: it is answered when the broadcaster has said from where on the room is heard.
bool Session::enter_room(const std::string& id_json, const core::Command& command, const Settled& settled) {
  const bool opens = std::holds_alternative<core::OpenRoom>(command.payload);
  const auto* room = room_of(command, settled);
  if (room == nullptr || (!opens && connection_.rooms.size() + entering_.size() >= services_.limits.max_rooms)) {
    if (opens) entering_.erase(std::ranges::find(entering_, std::get<core::OpenRoom>(command.payload).channel));
    return false;
  }
  if (!opens) entering_.push_back(*room);
  begin_flight();
  const auto wait = std::make_shared<Wait>(Wait{{expiry_->get_executor(), services_.limits.attach_timeout}});
  services_.hub.listen(connection_, *room, [this, wait, id_json, command, settled](const service::Listening* heard) {
    wait->over = true;
    wait->timer.cancel();
    entered(id_json, command, settled, heard);
  });
  wait->timer.async_wait([weak = weak_from_this(), wait, room = *room](boost::system::error_code) {
    const auto self = weak.lock();
    if (self && self->socket_ && !wait->over) self->services_.hub.give_up(self->connection_, room);
  });
  return true;
}

void Session::entered(const std::string& id_json, const core::Command& command, const Settled& settled,
                      const service::Listening* heard) {
  end_flight();
  const auto& room = *room_of(command, settled);
  entering_.erase(std::ranges::find(entering_, room));
  const bool opens = std::holds_alternative<core::OpenRoom>(command.payload);
  const codec::Answered decided{command.id, settled.position, settled.duplicate};
  std::string text;
  if (heard != nullptr && heard->is_room) {
    const auto partition = core::partition_of(room.slot(), services_.identity.partitions);
    const auto position = codec::Position{services_.identity.epoch, partition, heard->next}.text();
    const codec::Answered opened{command.id, position, settled.duplicate};
    codec::append_room_reply(text, id_json, {room, heard->last_seq, heard->version}, opens ? &opened : nullptr);
  } else if (heard != nullptr && !opens) {
    codec::append_reply(text, id_json, command, settled.outcome, decided);
  } else {
    codec::append_error(text, id_json, codec::Problem::NotCaughtUp, "the room can't be heard now");
  }
  socket_->send(net::make_frame(text));
}

}  // namespace parley::ingest
