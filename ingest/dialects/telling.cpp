#include "ingest/dialects/telling.hpp"

namespace parley::ingest::dialects {

void Telling::is(const net::SharedFrame& native) {
  if (native == native_) return;
  native_ = native;
  made_.clear();
  is_delivered_ = false;
  event_ = dialect::parse_own(native->text());
  type_ = dialect::text_in(event_, "type");
  channel_ = core::ChannelId::parse(dialect::text_in(event_, "channel_id")).value_or(core::ChannelId{});
  position_ = codec::Position::parse(dialect::text_in(event_, "position"));
}

const net::SharedFrame* Telling::find(std::string_view which) const {
  for (const auto& [name, frame] : made_)
    if (name == which) return &frame;
  return nullptr;
}

const net::SharedFrame& Telling::keep(std::string_view which, const Json& text) {
  return made_.emplace_back(which, net::make_frame(dialect::text_of(text))).second;
}

}  // namespace parley::ingest::dialects
