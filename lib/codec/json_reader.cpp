#include "codec/json_reader.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "codec/json_writer.hpp"
#include "codec/limits.hpp"

namespace parley::codec {
namespace {

namespace json = boost::json;
using Kind = JsonValue::Kind;

// A name that stands twice among these, which are left in another order; null: none does. Sorting keeps an object of very
// many names from taking quadratic time.
const std::string* find_twice(std::vector<std::string>::iterator first, std::vector<std::string>::iterator last) {
  std::sort(first, last);
  const auto twice = std::adjacent_find(first, last);
  return twice == last ? nullptr : &*twice;
}

// Gets the parser's events and keeps the document's values: those that stand `Level` deep, everything deeper as compact JSON.
template <std::size_t Level>
class Collector {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  Collector() {
    constexpr std::size_t kUsualMembers = 8;  // as many as a client's frame has
    members.reserve(kUsualMembers);
    names_.reserve(kUsualMembers);
  }

  // --- the outcome
  Kind root = Kind::Null;
  std::vector<JsonMember> members;  // of an array: without names
  std::optional<NameTwice> name_twice;

  // --- what basic_parser calls
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open('{', Kind::Object); }
  bool on_object_end(std::size_t, json::error_code&) { return close('}'); }
  bool on_array_begin(json::error_code&) { return open('[', Kind::Array); }
  bool on_array_end(std::size_t, json::error_code&) { return close(']'); }
  bool on_key_part(json::string_view s, std::size_t, json::error_code&) { return part(s); }
  bool on_key(json::string_view s, std::size_t, json::error_code&) {
    part(s);
    key(std::exchange(part_, {}));
    return true;
  }
  bool on_string_part(json::string_view s, std::size_t, json::error_code&) { return part(s); }
  bool on_string(json::string_view s, std::size_t, json::error_code&) {
    part(s);
    string(std::exchange(part_, {}));
    return true;
  }
  bool on_number_part(json::string_view s, json::error_code&) { return part(s); }
  bool on_int64(std::int64_t, json::string_view s, json::error_code&) { return number(s); }
  bool on_uint64(std::uint64_t, json::string_view s, json::error_code&) { return number(s); }
  bool on_double(double value, json::string_view s, json::error_code& ec) {
    if (std::isfinite(value)) return number(s);
    ec = json::error::exponent_overflow;
    return false;
  }
  bool on_bool(bool b, json::error_code&) { return scalar(Kind::Boolean, b ? "true" : "false"); }
  bool on_null(json::error_code&) { return scalar(Kind::Null, "null"); }
  // Where the parser stopped.
  [[nodiscard]] std::string last_member() const { return members.empty() ? std::string() : members.back().name; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool part(json::string_view s) {
    part_.append(s.data(), s.size());
    return true;
  }

  // Begins a value. Where it is one that is kept whole or part of one, its text goes to the place returned.
  std::string* begin_value(Kind kind) {
    if (depth_ == 0) root = kind;
    if (depth_ < Level) return nullptr;
    if (depth_ == Level) {
      if (!named_) members.emplace_back();
      named_ = false;
      members.back().value.kind = kind;
    } else {
      separate();
    }
    return &members.back().value.text;
  }
  void separate() {
    auto& text = members.back().value.text;
    if (const char last = text.back(); last != '[' && last != '{' && last != ':') text.push_back(',');
  }

  bool open(char bracket, Kind kind) {
    if (auto* text = begin_value(kind)) text->push_back(bracket);
    ++depth_;
    first_names_.push_back(names_.size());
    return true;
  }
  bool close(char bracket) {
    if (--depth_ >= Level) members.back().value.text.push_back(bracket);
    const auto first = names_.begin() + static_cast<std::ptrdiff_t>(first_names_.back());
    if (const auto* twice = find_twice(first, names_.end()); twice != nullptr && !name_twice)
      name_twice = {*twice, depth_ < Level ? std::string() : members.back().name};
    names_.erase(first, names_.end());
    first_names_.pop_back();
    return true;
  }
  void key(std::string name) {
    if (depth_ == Level) {
      members.emplace_back().name = name;
      named_ = true;
    } else if (depth_ > Level) {
      separate();
      append_json_string(members.back().value.text, name);
      members.back().value.text.push_back(':');
    }
    names_.push_back(std::move(name));
  }
  void string(std::string value) {
    auto* text = begin_value(Kind::String);
    if (text == nullptr) return;
    if (depth_ == Level)
      *text = std::move(value);
    else
      append_json_string(*text, value);
  }
  bool number(json::string_view s) {
    part(s);
    return scalar(Kind::Number, std::exchange(part_, {}));
  }
  bool scalar(Kind kind, std::string_view compact) {
    if (auto* text = begin_value(kind)) text->append(compact);
    return true;
  }

  std::size_t depth_ = 0;                 // how many objects and arrays are open
  bool named_ = false;                    // the last member has its name and waits for its value
  std::string part_;                      // of a string or number that comes in pieces
  std::vector<std::string> names_;        // in the objects that are open
  std::vector<std::size_t> first_names_;  // where those of each begin
};

template <std::size_t Level>
std::expected<Collector<Level>, JsonFault> read(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth + Level;
  json::basic_parser<Collector<Level>> parser(options);
  json::error_code error;
  const auto used = parser.write_some(false, text.data(), text.size(), error);
  const auto fault = [&](JsonFlaw flaw) { return std::unexpected(JsonFault{flaw, parser.handler().last_member()}); };
  if (error == json::error::too_deep) return fault(JsonFlaw::TooDeep);
  if (error == json::error::exponent_overflow) return fault(JsonFlaw::NumberTooLarge);
  if (error || used != text.size()) return std::unexpected(JsonFault{JsonFlaw::NotJson});
  return std::move(parser.handler());
}

}  // namespace

std::expected<JsonObject, JsonFault> read_json_object(std::string_view text) {
  auto collected = read<1>(text);
  if (!collected) return std::unexpected(collected.error());
  if (collected->root != Kind::Object) return std::unexpected(JsonFault{JsonFlaw::NotAnObject});
  return JsonObject{std::move(collected->members), std::move(collected->name_twice)};
}

std::optional<std::vector<JsonValue>> read_json_array(std::string_view compact) {
  auto collected = read<1>(compact);
  if (!collected || collected->root != Kind::Array) return std::nullopt;
  std::vector<JsonValue> values;
  values.reserve(collected->members.size());
  for (auto& member : collected->members) values.push_back(std::move(member.value));
  return values;
}

bool is_compact_json(std::string_view text, Kind kind) {
  const auto collected = read<0>(text);
  if (!collected || collected->root != kind || collected->name_twice) return false;
  return collected->members.size() == 1 && collected->members.front().value.text == text;
}

std::optional<std::uint64_t> plain_integer(std::string_view digits, std::uint64_t min, std::uint64_t max) {
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint64_t value = 0;
  const auto* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  if (error != std::errc{} || end != last || value < min || value > max) return std::nullopt;
  return value;
}

}  // namespace parley::codec
