// The fields of one of Slack's objects, read leniently: what is not there, or is something else, is empty. Slack adds fields as
// it likes, and leaves out others.
//
// Concurrency: one thread. Values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_reader.hpp"

namespace parley::migrate::slack {

class Fields {
 public:
  Fields() = default;
  // None: `text` is no JSON object.
  static std::optional<Fields> read(std::string_view text);

  [[nodiscard]] bool empty() const { return object_.members.empty(); }
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] bool is_true(std::string_view name) const;
  [[nodiscard]] std::uint64_t number(std::string_view name) const;  // a whole one; else 0
  [[nodiscard]] Fields object(std::string_view name) const;
  [[nodiscard]] std::vector<Fields> objects(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

 private:
  [[nodiscard]] const codec::JsonValue* find(std::string_view name, codec::JsonValue::Kind kind) const;
  codec::JsonObject object_;
};

}  // namespace parley::migrate::slack
