#include "codec/client_query.hpp"

#include <algorithm>

#include "codec/client_fields.hpp"
#include "codec/page_fields.hpp"
#include "codec/rfc3339.hpp"

namespace parley::codec {
namespace {

// A query's parameters, taken one by one like the fields of an object.
class Parameters {
 public:
  explicit Parameters(QueryPairs pairs) : pairs_(pairs) {}

  std::optional<std::uint64_t> optional_integer(std::string_view name, std::uint64_t min, std::uint64_t max) {
    const auto* text = take(name);
    if (text == nullptr) return std::nullopt;
    const auto value = plain_integer(*text, min, max);
    if (!value) wrong(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return value;
  }
  std::optional<bool> optional_boolean(std::string_view name) {
    const auto* text = take(name);
    if (text == nullptr) return std::nullopt;
    if (*text != "true" && *text != "false") wrong(name, "must be true or false");
    return *text == "true";
  }
  std::optional<std::string> optional_text(std::string_view name) {
    const auto* text = take(name);
    return text == nullptr ? std::nullopt : std::optional(*text);
  }
  void wrong(std::string_view name, std::string_view detail) {
    if (!invalid_) invalid_ = wrong_field(name, detail);
  }

  template <class Query>
  Parsed<Query> finish(Query query) {
    if (auto ended = finish(); !ended) return std::unexpected(std::move(ended.error()));
    return query;
  }
  Parsed<void> finish() {
    for (const auto& [name, value] : pairs_)
      if (std::ranges::find(known_, name) == known_.end()) wrong(name, "is unknown");
    if (invalid_) return std::unexpected(std::move(*invalid_));
    return {};
  }

 private:
  const std::string* take(std::string_view name) {
    known_.push_back(name);
    const std::string* found = nullptr;
    for (const auto& [key, value] : pairs_) {
      if (key != name) continue;
      if (found != nullptr) wrong(name, "stands twice");
      found = &value;
    }
    return found;
  }

  QueryPairs pairs_;
  std::vector<std::string_view> known_;
  std::optional<InvalidInput> invalid_;
};

SearchOrder take_order(Parameters& parameters) {
  const auto text = parameters.optional_text("order").value_or("relevance");
  if (text == "newest") return SearchOrder::Newest;
  if (text == "oldest") return SearchOrder::Oldest;
  if (text != "relevance") parameters.wrong("order", "must be relevance, newest or oldest");
  return SearchOrder::Relevance;
}

bool take_any(Parameters& parameters) {
  const auto text = parameters.optional_text("match").value_or("all");
  if (text != "all" && text != "any") parameters.wrong("match", "must be all or any");
  return text == "any";
}

}  // namespace

std::optional<AsOf> parse_as_of(std::string_view text) {
  if (auto positions = parse_positions(text)) return *std::move(positions);
  if (const auto time = parse_time(text)) return *time;
  return std::nullopt;
}

Parsed<PageQuery> parse_page(QueryPairs pairs) {
  Parameters parameters(pairs);
  auto page = take_page_fields(parameters);
  return parameters.finish(page);
}

Parsed<ListQuery> parse_list(QueryPairs pairs) {
  Parameters parameters(pairs);
  ListQuery list{.after = parameters.optional_text("after").value_or(""), .limit = take_limit(parameters)};
  list.as_of = take_as_of(parameters);
  return parameters.finish(std::move(list));
}

Parsed<InboxQuery> parse_inbox(QueryPairs pairs) {
  Parameters parameters(pairs);
  InboxQuery inbox{.unread = parameters.optional_boolean("unread"),
                   .after = parameters.optional_text("after").value_or(""),
                   .limit = take_limit(parameters)};
  return parameters.finish(std::move(inbox));
}

Parsed<EventsQuery> parse_events(QueryPairs pairs) {
  Parameters parameters(pairs);
  EventsQuery events{.after = {parameters.optional_integer("after", 0, kMaxNumber).value_or(0)}};
  events.limit = take_limit(parameters);
  return parameters.finish(events);
}

Parsed<DeliveriesQuery> parse_deliveries(QueryPairs pairs) {
  Parameters parameters(pairs);
  const auto seq = [&](std::string_view name, std::uint64_t min) {
    const auto value = parameters.optional_integer(name, min, kMaxNumber);
    return value ? std::optional<core::Seq>{{*value}} : std::nullopt;
  };
  DeliveriesQuery deliveries{.before = seq("before", 1), .after = seq("after", 0), .limit = take_limit(parameters)};
  return parameters.finish(deliveries);
}

Parsed<CommandsQuery> parse_commands(QueryPairs pairs) {
  Parameters parameters(pairs);
  // What is malformed can have sent nothing, nor been written to; but an operator should hear of it.
  const auto id = [&]<class Id>(std::string_view name, std::optional<Id>& to) {
    const auto text = parameters.optional_text(name);
    if (text && !(to = Id::parse(*text))) parameters.wrong(name, "can be no such id");
  };
  CommandsQuery commands{.limit = take_limit(parameters)};
  id("user", commands.user);
  id("channel", commands.channel);
  id("after", commands.after);
  return parameters.finish(std::move(commands));
}

Parsed<SearchQuery> parse_search(QueryPairs pairs) {
  Parameters parameters(pairs);
  const auto time = [&](std::string_view name) -> std::optional<core::TimeMs> {
    const auto text = parameters.optional_text(name);
    const auto time = text ? parse_time(*text) : std::nullopt;
    if (text && !time) parameters.wrong(name, "must be a time, such as 2026-03-01T12:00:00Z");
    return time;
  };
  SearchQuery search{.text = parameters.optional_text("q").value_or(""),
                     .channel_id = parameters.optional_text("channel_id"),
                     .author = parameters.optional_text("author"),
                     .before = time("before"),
                     .after = time("after"),
                     .page = parameters.optional_text("page").value_or(""),
                     .limit = take_limit(parameters)};
  search.order = take_order(parameters);
  search.any = take_any(parameters);
  if (search.text.empty() || search.text.size() > kMaxSearchBytes)
    parameters.wrong("q", "must have 1 to " + std::to_string(kMaxSearchBytes) + " bytes");
  if (!core::is_utf8(search.text)) parameters.wrong("q", "must be UTF-8");
  return parameters.finish(std::move(search));
}

Parsed<core::IdNumber> parse_number(QueryPairs pairs) {
  Parameters parameters(pairs);
  if (std::ranges::find(pairs, "number", &QueryPairs::value_type::first) == pairs.end())
    parameters.wrong("number", "is missing");
  const core::IdNumber number{parameters.optional_integer("number", 0, core::kMaxIdNumber.value).value_or(0)};
  return parameters.finish(number);
}

Parsed<bool> parse_for_me(QueryPairs pairs) {
  Parameters parameters(pairs);
  const auto scope = parameters.optional_text("scope").value_or("all");
  if (scope != "all" && scope != "me") parameters.wrong("scope", "must be all or me");
  return parameters.finish(scope == "me");
}

Parsed<void> parse_no_query(QueryPairs pairs) { return Parameters(pairs).finish(); }

}  // namespace parley::codec
