#include "keys/key_record.hpp"

#include <algorithm>

#include "parley/v1/key.pb.h"

namespace parley::keys {
namespace {

namespace pb = parley::v1;

struct Write {
  pb::KeyRecord& out;
  void operator()(const Made& made) const { out.set_secret(made.secret.data(), made.secret.size()); }
  void operator()(const Destroyed&) const { out.set_destroyed(true); }
  void operator()(const Erasing&) const { out.set_erasing(true); }
  void operator()(const Erased& erased) const { out.set_erased_below(erased.below); }
  void operator()(const Epoch& epoch) const { out.set_epoch(epoch.epoch); }
};

}  // namespace

std::string encode(const KeyRecord& record) {
  pb::KeyRecord out;
  out.set_user(record.user.text);
  std::visit(Write{out}, record.what);
  return out.SerializeAsString();
}

std::optional<KeyRecord> decode_key_record(std::string_view bytes) {
  pb::KeyRecord in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  if (in.what_case() == pb::KeyRecord::kEpoch) return KeyRecord{{}, Epoch{in.epoch()}};
  auto user = core::UserId::parse(in.user());
  if (!user) return std::nullopt;
  switch (in.what_case()) {
    case pb::KeyRecord::kSecret: {
      Made made;
      if (in.secret().size() != made.secret.size()) return std::nullopt;
      std::ranges::copy(in.secret(), made.secret.begin());
      return KeyRecord{std::move(*user), made};
    }
    case pb::KeyRecord::kDestroyed:
      return KeyRecord{std::move(*user), Destroyed{}};
    case pb::KeyRecord::kErasing:
      return KeyRecord{std::move(*user), Erasing{}};
    case pb::KeyRecord::kErasedBelow:
      return KeyRecord{std::move(*user), Erased{in.erased_below()}};
    default:
      return std::nullopt;
  }
}

}  // namespace parley::keys
