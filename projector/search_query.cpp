#include "projector/search_query.hpp"

#include "codec/message_row.hpp"

namespace parley::projector {

namespace {

search::Order order_of(pb::SearchOrder order) {
  if (order == pb::SEARCH_ORDER_NEWEST) return search::Order::Newest;
  return order == pb::SEARCH_ORDER_OLDEST ? search::Order::Oldest : search::Order::Relevance;
}

search::Wanted wanted_of(const pb::Search& asked) {
  search::Wanted wanted{.text = asked.text()};
  if (!asked.author().empty()) wanted.author = core::UserId{asked.author()};
  if (asked.has_before_ms()) wanted.before = core::TimeMs{asked.before_ms()};
  if (asked.has_after_ms()) wanted.after = core::TimeMs{asked.after_ms()};
  wanted.any = asked.any();
  wanted.order = order_of(asked.order());
  return wanted;
}

}  // namespace

search::Result<pb::ReadResponse> SearchQuery::answer(const pb::Search& asked,
                                                     std::chrono::steady_clock::time_point deadline) try {
  pb::ReadResponse response;
  response.set_next_offset(queries_.next_offset());
  response.set_status(pb::READ_STATUS_OK);
  auto wanted = wanted_of(asked);
  const auto sight = queries_.channels_to_search(asked.channel(), wanted.channels);
  if (sight != pb::READ_STATUS_OK) {
    response.set_status(sight);
    return response;
  }
  if (auto found = find(wanted, asked, deadline, *response.mutable_search()); !found) return std::unexpected(found.error());
  return response;
} catch (const Queries::Unreadable&) {
  return std::unexpected(search::Error{search::ErrorKind::Failed, "the store can't be read"});
}

// One more than the page tells whether there is more. What the caller may not see, or is gone since, leaves no gap: the next
// hits take its place.
search::Result<void> SearchQuery::find(const search::Wanted& wanted, const pb::Search& asked,
                                       std::chrono::steady_clock::time_point deadline, pb::SearchAnswer& out) {
  const std::size_t count = asked.limit() + 1;
  for (std::size_t first = asked.first(); first < kMaxRank; first += count) {
    const auto hits = searcher_.find(wanted, first, std::min(count, kMaxRank - first), deadline);
    if (!hits) return std::unexpected(hits.error());
    const auto& all = (*hits)->all();
    for (std::size_t i = 0; i < all.size() && out.hits_size() < static_cast<int>(count); ++i) {
      auto entry = queries_.message_found(all[i].message);
      if (!entry) continue;
      const auto view = codec::MessageView::parse(entry->row());
      auto& hit = *out.add_hits();
      hit.set_channel(std::string(all[i].message.channel.bytes()));
      hit.set_weight(all[i].weight);
      hit.set_rank(static_cast<std::uint32_t>(first + i));
      hit.set_posted_at_ms(view->posted_at.value);
      if (out.hits_size() < static_cast<int>(count)) hit.set_snippet((*hits)->snippet(std::string(view->text)));
      *hit.mutable_message() = std::move(*entry);
    }
    if (all.size() < count || out.hits_size() == static_cast<int>(count)) break;
  }
  return {};
}

}  // namespace parley::projector
