#include "dialect/social_media/form.hpp"

#include <algorithm>
#include <charconv>

namespace parley::dialect::social_media {

namespace {

constexpr std::string_view kInteger = "must be an integer number";
constexpr std::string_view kString = "must be a string";

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Json as_object(const std::vector<std::pair<std::string, std::string>>& query) {
  Json object = Json::object();
  for (const auto& [name, value] : query)
    if (!value.empty()) object.emplace(name, value);  // of several the first
  return object;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = is_digits(text) && parsed.ec == std::errc{} && number <= kMaxNumber;
  return is_whole ? std::optional(number) : std::nullopt;
}

Form::Form(const Call& call, Of of)
    : call_(call), context_(of == Of::Body ? "body" : "query"), fields_(of == Of::Body ? call.body : as_object(call.query)) {
  if (fields_.is_object()) return;
  wrong("body", "must be a JSON object");
  is_readable_ = false;
}

void Form::wrong(std::string_view property, std::string_view message, Failure how) {
  if (!is_readable_) return;
  if (how == Failure::ParameterInvalid) how_ = how;
  errors_.push_back({{"property", property}, {"message", Json::array({std::string(property) + " " + std::string(message)})}});
}

std::optional<net::HttpResponse> Form::refusal() const {
  if (errors_.empty()) return std::nullopt;
  const auto message = errors_[0]["message"][0].get<std::string>();
  return failed(call_, how_, message, {{"context", context_}, {"errors", errors_}});
}

const Json* Form::field(std::string_view name, bool is_needed, std::string_view must) {
  const auto it = is_readable_ ? fields_.find(name) : fields_.end();
  if (is_readable_ && it != fields_.end() && !it->is_null()) return &*it;
  if (is_needed) wrong(name, must);
  return nullptr;
}

std::optional<std::uint64_t> Form::number_of(const Json& value, std::string_view name, std::string_view must) {
  const bool is_of_query = context_ == "query" && value.is_string();
  const auto text = is_of_query ? value.get<std::string>() : value.is_number_integer() ? value.dump() : std::string{};
  const auto number = parse_number(text);
  if (number) return number;
  const bool is_integer = is_digits(text.starts_with('-') ? std::string_view(text).substr(1) : std::string_view(text));
  is_integer ? wrong(name, "is out of range", Failure::ParameterOutOfRange) : wrong(name, must);
  return std::nullopt;
}

std::optional<std::uint64_t> Form::optional_number(std::string_view name, bool is_needed) {
  const auto* value = field(name, is_needed, kInteger);
  return value == nullptr ? std::nullopt : number_of(*value, name, kInteger);
}

std::uint64_t Form::number_between(std::string_view name, std::uint64_t least, std::uint64_t most, std::uint64_t usual) {
  const auto number = optional_number(name).value_or(usual);
  if (number >= least && number <= most) return number;
  wrong(name, "must be from " + std::to_string(least) + " to " + std::to_string(most), Failure::ParameterOutOfRange);
  return usual;
}

std::optional<std::string> Form::optional_text(std::string_view name, bool is_needed) {
  const auto* value = field(name, is_needed, kString);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  wrong(name, kString);
  return std::nullopt;
}

std::string Form::one_of(std::string_view name, std::span<const std::string_view> choices, bool is_needed) {
  std::string must = "must be one of the following values: ";
  for (const auto choice : choices) must += (choice == choices.front() ? "" : ", ") + std::string(choice);
  const auto* value = field(name, is_needed, must);
  if (value == nullptr) return {};
  auto text = value->is_string() ? value->get<std::string>() : std::string{};
  if (std::ranges::find(choices, text) == choices.end()) wrong(name, must);
  return text;
}

bool Form::flag(std::string_view name) {
  const auto* value = field(name, false, {});
  if (value == nullptr) return false;
  if (!value->is_boolean()) wrong(name, "must be a boolean value");
  return value->is_boolean() && value->get<bool>();
}

std::vector<std::uint64_t> Form::numbers(std::string_view name, bool is_needed) {
  std::vector<std::uint64_t> numbers;
  for (const auto& value : list(name, is_needed)) {
    const auto number = number_of(value, name, "must be an array of integer numbers");
    if (!number) break;
    numbers.push_back(*number);
  }
  return numbers;
}

std::vector<std::string> Form::texts(std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& value : list(name, false)) {
    if (!value.is_string()) {
      wrong(name, "must be an array of strings");
      break;
    }
    texts.push_back(value.get<std::string>());
  }
  return texts;
}

std::span<const Json> Form::list(std::string_view name, bool is_needed) {
  const auto* value = field(name, is_needed, "must be an array");
  if (value == nullptr) return {};
  if (!value->is_array()) {
    wrong(name, "must be an array");
    return {};
  }
  const auto& all = value->get_ref<const Json::array_t&>();
  if (all.size() <= kMaxListed) return all;
  wrong(name, "must contain no more than " + std::to_string(kMaxListed) + " elements", Failure::ParameterOutOfRange);
  return {};
}

std::uint64_t Form::path_number(std::size_t param, std::string_view name) {
  return number_of(Json(call_.params[param]), name, kInteger).value_or(0);
}

}  // namespace parley::dialect::social_media
