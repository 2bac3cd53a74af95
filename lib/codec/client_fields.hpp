// The fields of an object that a client sent: taken one by one, each with its rule. What is wrong is gathered, so that the
// client hears of all of it at once. Inside lib/codec only.
//
// Concurrency: one thread. Ownership: owns the object; taking a field moves it out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/client_input.hpp"
#include "codec/json_reader.hpp"
#include "codec/text_rules.hpp"

namespace parley::codec {

class ClientFields {
 public:
  explicit ClientFields(JsonObject object) : object_(std::move(object)) {}
  // `text` must be a JSON object.
  static Parsed<ClientFields> read(std::string_view text);
  // The same, where nothing at all stands for an object without fields.
  static Parsed<ClientFields> read_optional(std::string_view text);

  // --- a field that must be there; without it, or with a wrong one, what is returned means nothing
  std::string text(std::string_view name, TextRule rule = any_text);
  core::Seq seq(std::string_view name);
  core::UserId user(std::string_view name);
  core::ChannelId channel(std::string_view name);
  core::WorkspaceId workspace(std::string_view name);
  std::vector<core::UserId> users(std::string_view name, std::size_t max);

  // --- a field that may be left out
  std::optional<std::string> optional_text(std::string_view name, TextRule rule = any_text);
  std::optional<std::uint64_t> optional_integer(std::string_view name, std::uint64_t min, std::uint64_t max);
  std::optional<core::Seq> optional_seq(std::string_view name, std::uint64_t min = 1);
  std::optional<bool> optional_boolean(std::string_view name);
  std::optional<core::Role> optional_role(std::string_view name);
  std::optional<core::TimeMs> optional_time(std::string_view name);
  std::optional<core::UserId> optional_user(std::string_view name);
  std::optional<std::vector<core::UserId>> optional_users(std::string_view name, std::size_t max);
  // Compact JSON of that kind; empty when it is left out, or has nothing in it.
  std::string optional_json(std::string_view name, JsonValue::Kind kind, TextRule rule);
  // As it is.
  std::optional<JsonValue> optional_value(std::string_view name);

  [[nodiscard]] bool has(std::string_view name) const;
  void wrong(std::string_view name, std::string_view detail);
  // An id that can't be one: not_found, unless something else is wrong too.
  void malformed_id(std::string_view name);

  // What is wrong so far, counting every field that was not taken as unknown; none: nothing.
  std::optional<InvalidInput> finish();
  // The payload, unless something is wrong.
  template <class Value>
  Parsed<Value> finish(Value value) {
    if (auto invalid = finish()) return std::unexpected(std::move(*invalid));
    return value;
  }

 private:
  // The field, not to be taken again; null: it isn't there.
  JsonValue* take(std::string_view name);
  // The same, complaining when it isn't there.
  JsonValue* require(std::string_view name);
  std::string* string_of(std::string_view name, JsonValue* value);
  template <class Id>
  Id id(std::string_view name);
  std::optional<core::UserId> user_of(std::string_view name, JsonValue* value);
  std::vector<core::UserId> users_of(std::string_view name, const JsonValue& value, std::size_t max);

  JsonObject object_;
  std::vector<FieldError> errors_;
  std::optional<std::string> malformed_id_;
};

// What a text that is no such object gets.
InvalidInput invalid_object(const JsonFault& fault);

}  // namespace parley::codec
