// What the processes of one site tell each other: a frame of the broadcaster's, a page of the read models'. Whatever is read is
// the same after another round, and can be told to a client.
#include <google/protobuf/stubs/logging.h>

#include "service/gateway_codec.hpp"
#include "service/history.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/service/samples.hpp"

namespace parley::fuzz {
namespace {

using namespace service;

// Every string that is not UTF-8 would be a line on standard error.
[[maybe_unused]] const auto kNoLog = google::protobuf::SetLogHandler(nullptr);

// Attachments and metadata were read before they came into a row, and are taken from it as they are: changed here, they may be
// no JSON any more.
bool is_object(std::string_view text) { return text.starts_with('{') && text.ends_with('}'); }

void see(const pb::ToGateway& frame) {
  const auto decoded = decode(frame);
  must_hold(decoded.batch.items.size() + decoded.unreadable == static_cast<std::size_t>(frame.items_size()),
            "every item is read or counted");
  pb::ToGateway again;
  std::size_t told = 0;
  for (const auto& item : decoded.batch.items) {
    const auto* push = std::get_if<Push>(&item);
    const bool is_told = push == nullptr || codec::is_client_change(*push->change);
    append(item, again);
    told += is_told ? 1 : 0;
    must_hold(again.items_size() == static_cast<int>(told), "what clients hear of is passed on, and nothing else");
    if (push == nullptr || !is_told) continue;
    std::string text;
    codec::append_event(text, *push->change, "p1-0-0-1");
    must_hold(is_object(text), "an event is an object");
  }
  const auto same = decode(again);
  must_hold(same.unreadable == 0 && same.batch.items.size() == told, "what was read is read again");
}

void see(const pb::ReadResponse& response) {
  static const auto kChannel = core::room_id("lobby");
  const codec::PageQuery page;
  const History history(kChannel, page, response.messages());
  std::string text = "{";
  if (codec::append_history_fields(text, history.page())) {
    text += '}';
    must_hold(is_object(text), "a page is an object");
  } else {
    must_hold(text == "{", "what can't be shown leaves nothing");
  }
  for (const auto& event : response.events().events()) {
    text.clear();
    if (append_event(text, event, 7, {.partitions = 4, .epoch = 9})) must_hold(is_object(text), "an event is an object");
  }
}

}  // namespace

std::vector<std::string> seeds() {
  pb::ToGateway frame;
  const std::vector<GatewayItem> items = {push(7),    attached(),  accepted(),    rejected(), typing(),
                                          presence(), listening(), WordsErased{}, Reached{8}};
  for (const auto& item : items) append(item, frame);
  pb::ReadResponse events;
  *events.mutable_events()->add_events() = frame.items(0).push();
  pb::ReadResponse page;
  auto& entry = *page.mutable_messages()->add_messages();
  entry.set_seq(8);
  entry.set_row(frame.items(0).push().change().message_posted().row().SerializeAsString());
  std::vector<std::string> seeds = {frame.SerializeAsString(), events.SerializeAsString(), page.SerializeAsString()};
  for (const auto& item : items) {
    pb::ToGateway one;
    append(item, one);
    seeds.push_back(one.SerializeAsString());
  }
  return seeds;
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  if (service::pb::ToGateway frame; frame.ParseFromArray(data, static_cast<int>(size))) fuzz::see(frame);
  if (service::pb::ReadResponse response; response.ParseFromArray(data, static_cast<int>(size))) fuzz::see(response);
  return 0;
}
