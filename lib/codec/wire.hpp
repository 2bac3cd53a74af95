// The parts of Protobuf's wire format that the message row is made of, for the one row that is too hot for generated code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace parley::codec {

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

// Writes fields as generated code does: in the order of the calls, zero and empty ones left out.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  void varint(std::uint32_t field, std::uint64_t value) {
    if (value == 0) return;
    tag(field, WireType::Varint);
    raw_varint(value);
  }
  void bytes(std::uint32_t field, std::string_view value) {
    if (!value.empty()) element(field, value);
  }
  // One of a repeated field: there, even if it is empty.
  void element(std::uint32_t field, std::string_view value) {
    tag(field, WireType::Bytes);
    raw_varint(value.size());
    out_.append(value);
  }

 private:
  void tag(std::uint32_t field, WireType type) { raw_varint(field << 3 | static_cast<std::uint32_t>(type)); }
  void raw_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }

  std::string& out_;
};

// Reads fields one by one, total on any bytes: call next() until it says no, then ask good(). Groups, which nothing here
// writes, are refused.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  // Goes on to the next field; false at the end, or when the bytes are broken.
  bool next() {
    if (rest_.empty()) return false;
    const auto tag = raw_varint(kMaxShortVarint);
    field_ = tag >> 3;
    if (field_ == 0 || field_ > kMaxField) return fail();
    switch (type_ = static_cast<WireType>(tag & 7)) {
      case WireType::Varint:
        number_ = raw_varint(kMaxVarint);
        return good_;
      case WireType::Fixed64:
        return take(8);
      case WireType::Fixed32:
        return take(4);
      case WireType::Bytes:
        return take(raw_varint(kMaxShortVarint));
    }
    return fail();
  }
  [[nodiscard]] std::uint64_t field() const { return field_; }
  // The field's value, where it has that type; otherwise `value` stays as it was, as with a field that is unknown.
  void read(std::uint64_t& value) const {
    if (type_ == WireType::Varint) value = number_;
  }
  // Has the field a length, as a string or a message in the message?
  [[nodiscard]] bool is_bytes() const { return type_ == WireType::Bytes; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  // A string: one that is not UTF-8 breaks the whole.
  void read(std::string_view& value) {
    if (type_ != WireType::Bytes) return;
    value = bytes_;
    if (!core::is_utf8(bytes_)) fail();
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  static constexpr std::uint64_t kMaxField = (1U << 29) - 1;
  static constexpr std::size_t kMaxVarint = 10;      // bytes of a number
  static constexpr std::size_t kMaxShortVarint = 5;  // of a tag or a length

  std::uint64_t raw_varint(std::size_t max_bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < rest_.size() && i < max_bytes; ++i) {
      const auto byte = static_cast<std::uint8_t>(rest_[i]);
      value |= std::uint64_t{byte & 0x7FU} << (7 * i);
      if (byte >= 0x80) continue;
      rest_.remove_prefix(i + 1);
      return value;
    }
    fail();
    return 0;
  }
  bool take(std::uint64_t size) {
    if (!good_ || size > rest_.size()) return fail();
    bytes_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool fail() {
    rest_ = {};
    return good_ = false;
  }

  std::string_view rest_;
  std::uint64_t field_ = 0;
  WireType type_ = WireType::Varint;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace parley::codec
