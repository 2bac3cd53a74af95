#include "ingest/allowance.hpp"

namespace parley::ingest {

namespace {

// What can't be understood costs as much as a command.
limit::Asks asks_of(const Allowance::Parsed& frame) {
  if (!frame) return limit::Asks::Command;
  if (std::holds_alternative<codec::GetHistory>(frame->body)) return limit::Asks::Read;
  const auto* payload = std::get_if<core::Payload>(&frame->body);
  const bool posts = payload != nullptr && std::holds_alternative<core::PostMessage>(*payload);
  return posts ? limit::Asks::Message : limit::Asks::Command;
}

}  // namespace

std::optional<limit::Refusal> Allowance::take(const Parsed& frame, std::size_t bytes) {
  return caller_.take(asks_of(frame), bytes);
}

bool Allowance::is_spent() {
  if (!refusals_.take(limits_.options().refusals, 1, limits_.now())) return false;
  limits_.count_closed();
  return true;
}

}  // namespace parley::ingest
