// What a call brings, field by field. All that is wrong is said at once: {"context","errors":[{"property","message":[…]}]}.
//
// Concurrency: one call. Ownership: the call outlives it. A field that is wrong reads as empty: ask refusal() before using any.
#pragma once

#include <span>

#include "dialect/social_media/failure.hpp"

namespace parley::dialect::social_media {

inline constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 53) - 1;  // that a client's integers are exact to
inline constexpr std::size_t kMaxListed = 100;                             // in a list

class Form {
 public:
  enum class Of : std::uint8_t { Body, Query };  // with a query goes the path
  Form(const Call& call, Of of);

  std::uint64_t number(std::string_view name) { return optional_number(name, true).value_or(0); }
  std::optional<std::uint64_t> optional_number(std::string_view name, bool is_needed = false);
  // Within these, else it is out of range; not there: `usual`.
  std::uint64_t number_between(std::string_view name, std::uint64_t least, std::uint64_t most, std::uint64_t usual);
  std::string text(std::string_view name) { return optional_text(name, true).value_or(""); }
  // None: it is null, or not there.
  std::optional<std::string> optional_text(std::string_view name, bool is_needed = false);
  // Empty, unless it is needed: it is not there.
  std::string one_of(std::string_view name, std::span<const std::string_view> choices, bool is_needed);
  bool flag(std::string_view name);  // false: it is not there
  // At most kMaxListed. Empty: it is not there.
  std::vector<std::uint64_t> numbers(std::string_view name, bool is_needed);
  std::vector<std::string> texts(std::string_view name);

  // A segment of the path.
  std::uint64_t path_number(std::size_t param, std::string_view name);
  void wrong(std::string_view property, std::string_view message, Failure how = Failure::ParameterInvalid);
  // None: all is well.
  [[nodiscard]] std::optional<net::HttpResponse> refusal() const;

 private:
  // Null: it is not there.
  const Json* field(std::string_view name, bool is_needed, std::string_view must);
  std::optional<std::uint64_t> number_of(const Json& value, std::string_view name, std::string_view must);
  std::span<const Json> list(std::string_view name, bool is_needed);

  const Call& call_;
  std::string_view context_;
  Json fields_;
  Json errors_ = Json::array();
  bool is_readable_ = true;
  Failure how_ = Failure::ParameterOutOfRange;  // unless something is worse
};

// Digits alone, up to kMaxNumber.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace parley::dialect::social_media
