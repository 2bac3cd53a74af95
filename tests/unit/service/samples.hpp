// Values to send.
#pragma once

#include <memory>
#include <string>

#include "service/gateway.hpp"

namespace parley::service {

inline core::ChannelId room(const std::string& name) { return core::room_id(name); }

inline core::Change posted(std::uint64_t seq, std::string text = "hello") {
  const core::Message message{.channel = room("lobby"),
                              .seq = {seq},
                              .version = {seq},
                              .author = {"ann"},
                              .text = std::move(text),
                              .posted_at = {1'700'000'000'000},
                              .number = {1'700'000'000'000},
                              .posted_version = {seq}};
  return {.subject = room("lobby").uuid,
          .version = {seq},
          .at = {1'700'000'000'000},
          .actor = {"ann"},
          .body = core::MessagePosted{message}};
}

inline Push push(std::uint64_t offset, std::string text = "hello") {
  return {.offset = offset, .change = std::make_shared<const core::Change>(posted(offset + 1, std::move(text))), .index = 3};
}

inline Attached attached() {
  return {.connection = 7,
          .shard = 3,
          .channels = {{room("lobby"), {41}, {3}}, {room("attic"), {}, {}}},
          .next = 50,
          .told = {48, 2}};
}

inline OutcomeReport accepted() {
  const core::Outcome outcome{
      .status = core::Status::Accepted, .channel = room("lobby"), .seq = {5}, .version = {6}, .at = {1'700'000'000'000}};
  return {
      .command = core::command_id(9, {1'700'000'000'000}, 1), .shard = 2, .offset = 77, .duplicate = true, .outcome = outcome};
}

inline OutcomeReport rejected() {
  const core::Outcome outcome{.status = core::Status::Rejected, .code = core::Code::Conflict, .at = {1'700'000'000'000}};
  return {.command = core::command_id(9, {1'700'000'000'000}, 2), .shard = 1, .offset = 78, .outcome = outcome};
}

inline Typing typing() { return {.user = {"ann"}, .channel = room("lobby")}; }
inline Presence presence() { return {.user = {"bob"}, .online = true, .last_seen = {1'700'000'000'000}, .unsettled = true}; }

inline Listening listening() {
  return {.connection = 7, .shard = 3, .room = room("lobby"), .is_room = true, .version = {41}, .last_seq = {40}, .next = 50};
}

inline bool same(const GatewayItem& one, const GatewayItem& other) {
  struct Same {
    const GatewayItem& other;
    bool operator()(const Attached& a) const {
      const auto* b = std::get_if<Attached>(&other);
      return b && a.connection == b->connection && a.shard == b->shard && a.channels == b->channels && a.next == b->next &&
             a.told == b->told;
    }
    bool operator()(const Push& a) const {
      const auto* b = std::get_if<Push>(&other);
      return b && a.offset == b->offset && a.index == b->index && *a.change == *b->change;
    }
    bool operator()(const WordsErased&) const { return std::holds_alternative<WordsErased>(other); }
    bool operator()(const Reached& a) const {
      const auto* b = std::get_if<Reached>(&other);
      return b && a.next == b->next;
    }
    bool operator()(const OutcomeReport& a) const {
      const auto* b = std::get_if<OutcomeReport>(&other);
      return b && a.command == b->command && a.shard == b->shard && a.offset == b->offset && a.duplicate == b->duplicate &&
             a.outcome == b->outcome;
    }
    bool operator()(const Typing& a) const {
      const auto* b = std::get_if<Typing>(&other);
      return b && a.user == b->user && a.channel == b->channel;
    }
    bool operator()(const Listening& a) const {
      const auto* b = std::get_if<Listening>(&other);
      return b && a.connection == b->connection && a.shard == b->shard && a.room == b->room && a.is_room == b->is_room &&
             a.version == b->version && a.last_seq == b->last_seq && a.next == b->next;
    }
    bool operator()(const Presence& a) const {
      const auto* b = std::get_if<Presence>(&other);
      return b && a.user == b->user && a.online == b->online && a.last_seen == b->last_seen && a.unsettled == b->unsettled;
    }
  };
  return std::visit(Same{other}, one);
}

}  // namespace parley::service
