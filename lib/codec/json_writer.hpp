// Writes compact JSON onto the end of a string, in the order of the calls; commas are put by itself. What may come where is
// the caller's duty: a key before each value of an object, as many ends as begins.
//
// Concurrency: one thread. Ownership: the string must outlive it. Limits: none; strings must be valid UTF-8, which is passed
// through as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace parley::codec {

// Appends `text` with its quotes.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  // `name` is written as it is: it must need no escapes.
  JsonWriter& key(std::string_view name);
  // Several fields that are JSON already, up to the colon behind the last key.
  JsonWriter& fields_to_key(std::string_view json);
  // With the escapes that it needs.
  JsonWriter& text_key(std::string_view name);
  JsonWriter& string(std::string_view text);
  JsonWriter& number(std::uint64_t value);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& time(core::TimeMs time);
  JsonWriter& uuid(const core::Uuid& uuid);
  template <class Tag>
  JsonWriter& uuid(const core::Id<Tag>& id) {
    return uuid(id.uuid);
  }
  // One value that is JSON already.
  JsonWriter& raw(std::string_view json);
  // One value that `append` puts onto the string by itself.
  template <class Append>
  JsonWriter& value(Append append) {
    separate();
    append(out_);
    return *this;
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate() {
    if (comma_) out_.push_back(',');
    comma_ = true;
  }

  std::string& out_;
  bool comma_ = false;  // something stands before the next value or key in the same object or array
};

}  // namespace parley::codec
