// What became of anybody's commands, for operators: those of every partition by the hour, and by id within it.
#include <algorithm>

#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "codec/row_proto.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::JsonWriter;

namespace {

// By the hour, then by id: the order in which each partition gives them.
struct LedgerPlace {
  std::int64_t hour = 0;
  std::string_view id;
  explicit LedgerPlace(std::string_view bytes)
      : hour(core::time_of(core::CommandId::from_bytes(bytes).value_or(core::CommandId{})).value / 3'600'000), id(bytes) {}
  auto operator<=>(const LedgerPlace&) const = default;
};

struct LedgerPage {
  std::vector<const pb::CommandEntry*> commands;
  std::string next;  // empty: nothing is left
};

// The first of all partitions' answers together. Behind the first place where one of them stopped, its own are not known.
LedgerPage merged(const std::vector<pb::ReadResponse>& responses, std::size_t limit) {
  LedgerPage page;
  for (const auto& response : responses) {
    const auto& answer = response.commands();
    for (const auto& entry : answer.commands()) page.commands.push_back(&entry);
    if (!answer.next().empty() && (page.next.empty() || LedgerPlace(answer.next()) < LedgerPlace(page.next)))
      page.next = answer.next();
  }
  std::ranges::sort(page.commands, {}, [](const auto* entry) { return LedgerPlace(entry->id()); });
  if (!page.next.empty())
    std::erase_if(page.commands, [&](const auto* entry) { return LedgerPlace(entry->id()) > LedgerPlace(page.next); });
  if (page.commands.size() > limit) {
    page.commands.resize(limit);
    page.next = page.commands.back()->id();
  }
  return page;
}

}  // namespace

asio::awaitable<net::HttpResponse> QueryApi::commands(Asked asked) {
  const auto query = codec::parse_commands(asked.query);
  if (!query) co_return asked.refuse(query.error());
  pb::ReadRequest request;
  auto& list = *request.mutable_list_commands();
  if (query->user) list.set_user(query->user->text);
  if (query->channel) list.set_channel(std::string(query->channel->bytes()));
  if (query->after) list.set_after(std::string(query->after->bytes()));
  list.set_limit(query->limit);
  const auto responses = co_await asked.reader.read_everywhere(std::move(request));
  if (!responses) co_return responses.error();
  const auto page = merged(*responses, query->limit);

  std::string body;
  bool sound = true;
  JsonWriter json(body);
  json.begin_object().key("commands").begin_array();
  for (const auto* entry : page.commands) {
    const auto id = core::CommandId::from_bytes(entry->id());
    const auto row = codec::from_proto(entry->outcome());
    sound = sound && id && row;
    if (!sound) break;
    json.value([&](std::string& out) {
      codec::append_command_entry(out, *id, *row, asked.reader.position_of(id->slot(), row->offset + 1));
    });
  }
  json.end_array().key("has_more").boolean(!page.next.empty());
  if (!page.next.empty()) json.key("next").uuid(*core::CommandId::from_bytes(page.next));
  json.end_object();
  co_return sound ? asked.reader.ok(std::move(body)) : asked.reader.damaged();
}

}  // namespace parley::query_api
