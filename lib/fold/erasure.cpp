#include "fold/erasure.hpp"

#include "codec/rows.hpp"
#include "fold/tables.hpp"

namespace parley::fold {
namespace {

constexpr std::size_t kBatchBytes = 4 << 20;
constexpr std::size_t kUserInKey = 4 + core::Uuid::kBytes;  // of table keys: behind the bucket and the stream

}  // namespace

store::Stored<void> Erasure::run(const core::UserId& user) {
  now_ = store_.snapshot();
  touched_.purge();
  auto done = messages(user);
  if (done) done = keys(user);
  if (done && projection_ != nullptr) done = projection_->forget(user, *now_, batch_);
  now_.reset();
  if (!done) return done;
  write_if(true);
  return written_;
}

// What can't be written, or not be forgotten by the projection, ends the scan.
void Erasure::write_if(bool large) {
  if (written_ && large) written_ = store_.write(batch_);
}

store::Stored<void> Erasure::messages(const core::UserId& user) {
  std::string row;
  const auto scanned = now_->scan(id(Table::Messages), {}, {}, [&](std::string_view key, std::string_view value) {
    if (codec::author_of(value) != user.text) return true;
    const auto channel = core::ChannelId::from_bytes(key.substr(0, core::Uuid::kBytes));
    auto message = codec::decode_message(*channel, {number_at_end(key, 8)}, value);
    if (!message) return true;  // damaged: it yields nothing to any reader
    const auto bare = core::without_words(std::move(*message));
    row.clear();
    codec::encode_message(bare, row);
    if (row != value) batch_.put(id(Table::Messages), key, row);
    touched_.message(bare.channel, bare.seq);  // also of one that is bare already: this may be the second attempt
    if (projection_ != nullptr) written_ = projection_->forget(bare, *now_, batch_);
    write_if(batch_.bytes() > kBatchBytes);
    return written_.has_value();
  });
  return scanned ? written_ : scanned;
}

store::Stored<void> Erasure::keys(const core::UserId& user) {
  const auto scanned = now_->scan(id(Table::Keys), {}, {}, [&](std::string_view key, std::string_view value) {
    if (user_at(key, kUserInKey) != user) return true;
    auto earlier = codec::decode_key(value);
    if (!earlier) return true;
    earlier->outcome = core::without_words(std::move(earlier->outcome));
    const auto row = codec::encode_key(*earlier);
    if (row != value) batch_.put(id(Table::Keys), key, row);
    write_if(batch_.bytes() > kBatchBytes);
    return written_.has_value();
  });
  return scanned ? written_ : scanned;
}

}  // namespace parley::fold
