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
  const auto seq = [&fields](std::string_view name, std::uint64_t min) {
    const auto value = fields.optional_integer(name, min, kMaxNumber);
    return value ? std::optional<core::Seq>{{*value}} : std::nullopt;
  };
  PageQuery page;
  page.before = seq("before", 1);
  page.after = seq("after", 0);
  page.around = seq("around", 1);
  page.limit = take_limit(fields);
  page.reply_to = seq("reply_to", 1);
  page.as_of = take_as_of(fields);
  if (page.before.has_value() + page.after.has_value() + page.around.has_value() > 1)
    fields.wrong("before", "only one of before, after and around may be given");
  return page;
}

}  // namespace parley::codec
