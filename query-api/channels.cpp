#include <algorithm>
#include <charconv>

#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "codec/row_proto.hpp"
#include "query-api/members_json.hpp"
#include "query-api/query_api.hpp"
#include "service/history.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::JsonWriter;

asio::awaitable<net::HttpResponse> QueryApi::channel(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_channel()->set_channel(std::string(id->bytes()));
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  if (!append_channel_answer(body, response->channel())) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::channel_members(Asked asked) {
  const auto list = codec::parse_list(asked.query);
  if (!list) co_return asked.refuse(list.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  auto& query = *request.mutable_list_channel_members();
  query.set_channel(std::string(id->bytes()));
  query.set_after(list->after);
  query.set_limit(list->limit);
  if (list->as_of)
    if (auto past = service::ask_as_of(request, *query.mutable_as_of(), *list->as_of, id->slot(), asked.reader.log()); !past)
      co_return asked.refuse(past.error());
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  co_return asked.reader.ok(members_json(response->members()));
}

asio::awaitable<net::HttpResponse> QueryApi::bans(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_list_bans()->set_channel(std::string(id->bytes()));
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("bans").begin_array();
  for (const auto& entry : response->bans().bans())
    json.value([&](std::string& out) { codec::append_ban(out, {entry.user()}, codec::from_proto(entry.row())); });
  json.end_array().end_object();
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::direct(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto other = core::UserId::parse(asked.call.params[0]);
  if (!other) co_return asked.reader.not_found();
  const auto id = core::direct_id(asked.call.caller.user, *other);
  pb::ReadRequest request;
  request.mutable_get_direct()->set_channel(std::string(id.bytes()));
  const auto response = co_await asked.reader.read(id.slot(), std::move(request));
  if (!response && response.error().status != 404) co_return response.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("channel_id");
  response ? json.uuid(id) : json.null();
  json.end_object();
  co_return asked.reader.ok(std::move(body));
}

namespace {

// A place in the inbox: newest activity first, then by id.
struct InboxPlace {
  std::int64_t active_at_ms = 0;
  std::string id;
  [[nodiscard]] bool is_before(const InboxPlace& other) const {
    return active_at_ms != other.active_at_ms ? active_at_ms > other.active_at_ms : id < other.id;
  }
  [[nodiscard]] std::string text() const { return std::to_string(active_at_ms) + "." + core::Uuid::from_bytes(id)->text(); }
  static std::optional<InboxPlace> parse(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    InboxPlace place;
    const auto number = text.substr(0, dot);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), place.active_at_ms);
    const auto id = core::Uuid::parse(text.substr(dot + 1));
    if (error != std::errc{} || end != number.data() + number.size() || !id) return std::nullopt;
    place.id = id->bytes();
    return place;
  }
};

InboxPlace place_of(const pb::InboxEntry& entry) { return {entry.channel().row().active_at_ms(), entry.channel().id()}; }

bool append_inbox_answer(std::string& out, const pb::InboxEntry& entry) {
  const auto id = core::ChannelId::from_bytes(entry.channel().id());
  const auto head = id ? codec::from_proto(*id, entry.channel().row()) : std::nullopt;
  const auto me = codec::from_proto(entry.me());
  if (!head || !me) return false;
  codec::InboxEntry out_entry{*head, *me, std::nullopt, std::nullopt};
  if (entry.has_last_message()) out_entry.last_message = service::entry_of(entry.last_message());
  if (!entry.other_user().empty()) out_entry.other_user = core::UserId{entry.other_user()};
  return codec::append_inbox_entry(out, out_entry);
}

// The entries of every partition that are asked for, in order.
std::vector<const pb::InboxEntry*> select(const std::vector<pb::ReadResponse>& responses, const codec::InboxQuery& query,
                                          const std::optional<InboxPlace>& after) {
  std::vector<const pb::InboxEntry*> entries;
  for (const auto& response : responses)
    for (const auto& entry : response.inbox().entries()) {
      const bool unread = entry.channel().row().last_seq() > entry.me().read_seq();
      if (query.unread && *query.unread != unread) continue;
      if (after && !after->is_before(place_of(entry))) continue;
      entries.push_back(&entry);
    }
  std::ranges::sort(entries, [](const auto* a, const auto* b) { return place_of(*a).is_before(place_of(*b)); });
  return entries;
}

}  // namespace

asio::awaitable<net::HttpResponse> QueryApi::inbox(Asked asked) {
  const auto query = codec::parse_inbox(asked.query);
  if (!query) co_return asked.refuse(query.error());
  const auto after = query->after.empty() ? std::nullopt : InboxPlace::parse(query->after);
  if (!query->after.empty() && !after)
    co_return asked.refuse(
        {codec::Problem::InvalidArgument, "after is not a `next` of the inbox", {{"after", "is malformed"}}});
  pb::ReadRequest request;
  request.mutable_list_inbox();
  const auto responses = co_await asked.reader.read_everywhere(std::move(request));
  if (!responses) co_return responses.error();
  const auto entries = select(*responses, *query, after);
  const auto shown = std::min<std::size_t>(entries.size(), query->limit);

  std::string body;
  bool sound = true;
  JsonWriter json(body);
  json.begin_object().key("channels").begin_array();
  for (std::size_t i = 0; i < shown; ++i)
    json.value([&](std::string& out) { sound = append_inbox_answer(out, *entries[i]) && sound; });
  json.end_array().key("has_more").boolean(shown < entries.size());
  if (shown < entries.size()) json.key("next").string(place_of(*entries[shown - 1]).text());
  json.end_object();
  co_return sound ? asked.reader.ok(std::move(body)) : asked.reader.damaged();
}

}  // namespace parley::query_api
