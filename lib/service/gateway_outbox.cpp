#include "service/gateway_outbox.hpp"

#include <algorithm>

#include "service/gateway_codec.hpp"

namespace parley::service {
namespace {

constexpr std::size_t kMemberWeight = 96;  // a user id and what is said of him

std::size_t text_weight(const core::Message& m) { return m.text.size() + m.attachments.size() + m.metadata.size(); }

// What a body holds beyond its own size.
struct BodyWeight {
  std::size_t operator()(const core::MessagePosted& c) const { return text_weight(c.message); }
  std::size_t operator()(const core::MessageEdited& c) const { return text_weight(c.message); }
  std::size_t operator()(const core::MessageRetracted& c) const { return text_weight(c.message); }
  std::size_t operator()(const core::ChannelCreated& c) const { return c.members.size() * kMemberWeight; }
  std::size_t operator()(const core::ChannelDeleted& c) const { return c.members.size() * kMemberWeight; }
  std::size_t operator()(const core::WorkspaceDeleted& c) const { return c.members.size() * kMemberWeight; }
  std::size_t operator()(const auto&) const { return 0; }
};

struct ItemWeight {
  std::size_t operator()(const WordsErased&) const { return 0; }
  std::size_t operator()(const Reached&) const { return 0; }
  std::size_t operator()(const Attached& a) const { return a.channels.size() * sizeof(a.channels[0]); }
  std::size_t operator()(const Push& p) const { return sizeof(core::Change) + std::visit(BodyWeight{}, p.change->body); }
  std::size_t operator()(const OutcomeReport& r) const {
    const auto* edited = std::get_if<core::MessageResult>(&r.outcome.result);
    return edited ? text_weight(edited->message) : 0;
  }
  std::size_t operator()(const Typing& t) const { return t.user.text.size(); }
  std::size_t operator()(const Presence& p) const { return p.user.text.size(); }
  std::size_t operator()(const Listening&) const { return 0; }
};

}  // namespace

std::size_t weight(const GatewayItem& item) { return sizeof(GatewayItem) + std::visit(ItemWeight{}, item); }

std::size_t weight(const GatewayBatch& batch) {
  std::size_t sum = 0;
  for (const auto& item : batch.items) sum += weight(item);
  return sum;
}

bool may_be_dropped(const GatewayBatch& batch) {
  return std::ranges::all_of(batch.items, [](const auto& item) { return std::holds_alternative<Typing>(item); });
}

void GatewayOutbox::push(GatewayBatch batch) {
  if (batch.items.empty()) return;
  auto& waiting = waiting_[batch.partition];
  if (waiting.empty()) turns_.push_back(batch.partition);
  for (auto& item : batch.items) waiting.push_back(std::move(item));
}

std::size_t GatewayOutbox::take(std::size_t max_bytes, pb::ToGateway& frame) {
  const auto partition = turns_.front();
  turns_.pop_front();
  auto& waiting = waiting_[partition];
  frame.set_partition(partition);
  std::size_t taken = 0;
  do {
    taken += weight(waiting.front());
    append(waiting.front(), frame);
    waiting.pop_front();
  } while (!waiting.empty() && taken < max_bytes);
  if (!waiting.empty()) turns_.push_back(partition);
  return taken;
}

}  // namespace parley::service
