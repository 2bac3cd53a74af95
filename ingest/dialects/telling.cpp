#include "ingest/dialects/telling.hpp"

namespace parley::ingest::dialects {

void Telling::is(const net::SharedFrame& native) {
  if (native == native_) return;
  native_ = native;
  made_.clear();
  event_ = dialect::parse_json(native->text()).value_or(Json::object());
  type_ = dialect::text_in(event_, "type");
  channel_ = core::ChannelId::parse(dialect::text_in(event_, "channel_id")).value_or(core::ChannelId{});
  position_ = codec::Position::parse(dialect::text_in(event_, "position"));
}

const net::SharedFrame& Telling::once(std::string_view which, const std::function<Json()>& make) {
  auto it = made_.find(which);
  if (it == made_.end()) it = made_.emplace(which, net::make_frame(dialect::text_of(make()))).first;
  return it->second;
}

}  // namespace parley::ingest::dialects
