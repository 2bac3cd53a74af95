#include "codec/control.hpp"

#include "parley/v1/command.pb.h"

namespace parley::codec {

std::string encode(const Control& control) {
  parley::v1::Control out;
  out.set_format(control.format);
  out.set_partitions(control.partitions);
  out.set_rules_version(control.rules_version);
  out.set_epoch(control.epoch);
  out.set_dedup_window_ms(control.dedup_window_ms);
  return out.SerializeAsString();
}

std::expected<Control, DecodeError> decode_control(std::string_view bytes) {
  parley::v1::Control in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::unexpected(DecodeError::NotProtobuf);
  if (in.format() == 0 || in.partitions() == 0) return std::unexpected(DecodeError::BadNumber);
  return Control{.format = in.format(),
                 .partitions = in.partitions(),
                 .rules_version = in.rules_version(),
                 .epoch = in.epoch(),
                 .dedup_window_ms = in.dedup_window_ms()};
}

}  // namespace parley::codec
