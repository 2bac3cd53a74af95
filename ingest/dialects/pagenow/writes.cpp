#include <algorithm>

#include "dialect/pagenow/conversation.hpp"
#include "dialect/pagenow/pagenow.hpp"
#include "dialect/pagenow/refusal.hpp"
#include "ingest/dialects/pagenow/pagenow.hpp"

namespace parley::ingest::dialects {

namespace pagenow {

namespace {

using dialect::Answering;
using dialect::Call;
using dialect::path_of;
using dialect::pagenow::answer;
using dialect::pagenow::invalid;
using dialect::pagenow::missing_in_body;
using dialect::pagenow::Refusal;
constexpr std::string_view kRecipients = "recipientIdArr";
constexpr std::string_view kTitle = "title";
constexpr std::string_view kIsGroup = "isGroup";

struct Asked {
  std::vector<std::string> recipients;  // each once, without who asks
  std::string title;
  bool is_group = false;
};

// None: they are no users.
std::optional<std::vector<std::string>> recipients_in(const Json& list, const core::UserId& caller) {
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> recipients;
  for (const auto& each : list) {
    const auto user = each.is_string() ? core::UserId::parse(each.get_ref<const std::string&>()) : std::nullopt;
    if (!user || core::count_characters(user->text) > dialect::pagenow::kMaxUserCharacters) return std::nullopt;
    if (*user != caller && std::ranges::find(recipients, user->text) == recipients.end()) recipients.push_back(user->text);
  }
  return recipients;
}

std::expected<Asked, Refusal> asked_in(const Json& body, const core::UserId& caller) {
  for (const auto field : {kRecipients, kTitle, kIsGroup}) {
    const bool is_there = body.is_object() && body.contains(field) && !body[field].is_null();
    if (!is_there) return std::unexpected(missing_in_body(field));
  }
  auto recipients = recipients_in(body[kRecipients], caller);
  if (!recipients) return std::unexpected(invalid(kRecipients));
  if (!body[kTitle].is_string()) return std::unexpected(invalid(kTitle));
  if (!body[kIsGroup].is_boolean()) return std::unexpected(invalid(kIsGroup));
  Asked asked{std::move(*recipients), body[kTitle].get<std::string>(), body[kIsGroup].get<bool>()};
  if (asked.is_group ? asked.recipients.size() <= 1 : asked.recipients.size() != 1)
    return std::unexpected(invalid(kRecipients));
  const auto characters = core::count_characters(asked.title);
  if (asked.is_group && (characters == 0 || characters > dialect::pagenow::kMaxTitleCharacters))
    return std::unexpected(invalid(kTitle));
  return asked;
}

Json group_of(const Asked& asked) {
  Json group = {{"kind", "group"}, {"members", asked.recipients}, {"metadata", dialect::pagenow::metadata_with(asked.title)}};
  if (auto name = dialect::pagenow::name_for(asked.title); !name.empty()) group["name"] = std::move(name);
  return group;
}

// One command, and so all or nothing. A direct conversation that is there already is the one that is meant.
Answering create_conversation(Call& call) {
  const auto asked = asked_in(call.body, call.native.user());
  if (!asked) co_return answer(asked.error());
  const auto made = asked->is_group ? co_await call.native.post("/v1/channels", group_of(*asked))
                                    : co_await call.native.put(path_of("/v1/direct/{}", {asked->recipients.front()}));
  if (!made.ok() || made.is_unknown()) co_return answer(dialect::pagenow::refusal_of(made, kRecipients));
  co_return dialect::json_answer(200, {{"conversationId", made.body["id"]}});
}

constexpr dialect::Route kRoutes[] = {{"POST", "/conversation", create_conversation}};

}  // namespace

}  // namespace pagenow

const dialect::Dialect& pagenow_writes() {
  static const auto dialect = dialect::pagenow::dialect_with(pagenow::kRoutes);
  return dialect;
}

}  // namespace parley::ingest::dialects
