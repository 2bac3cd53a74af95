// What names a page of history, in a query string and in a frame alike. Inside lib/codec only. `Fields` is ClientFields or a
// query's parameters: optional_integer(), optional_text() and wrong().
#pragma once

#include "codec/client_query.hpp"

namespace parley::codec {

// A position or a time.
std::optional<AsOf> parse_as_of(std::string_view text);

template <class Fields>
std::uint32_t take_limit(Fields& fields) {
  return static_cast<std::uint32_t>(fields.optional_integer("limit", 1, kMaxPage).value_or(kDefaultPage));
}

template <class Fields>
std::optional<AsOf> take_as_of(Fields& fields) {
  const auto text = fields.optional_text("as_of");
  if (!text) return std::nullopt;
  auto as_of = parse_as_of(*text);
  if (!as_of) fields.wrong("as_of", "must be a position or a time");
  return as_of;
}

template <class Fields>
PageQuery take_page_fields(Fields& fields) {
  const auto integer = [&fields]<class Number>(std::string_view name, std::uint64_t min, std::optional<Number>& to) {
    if (const auto value = fields.optional_integer(name, min, kMaxNumber)) to = Number{*value};
  };
  PageQuery page;
  integer("before", 1, page.before);
  integer("after", 0, page.after);
  integer("around", 1, page.around);
  integer("since", 0, page.since);
  integer("until", 0, page.until);
  page.limit = take_limit(fields);
  integer("reply_to", 1, page.reply_to);
  page.as_of = take_as_of(fields);
  bool has_place = false;
  const auto only_place = [&](std::string_view name, bool is_given) {
    if (is_given && has_place) fields.wrong(name, "only one of before, after, around, since and until may be given");
    has_place = has_place || is_given;
  };
  only_place("before", page.before.has_value());
  only_place("after", page.after.has_value());
  only_place("around", page.around.has_value());
  only_place("since", page.since.has_value());
  only_place("until", page.until.has_value());
  if (page.as_of && (page.since || page.until)) fields.wrong("as_of", "can't be given with since or until");
  return page;
}

}  // namespace parley::codec
