#include <gtest/gtest.h>

#include "codec/client_query.hpp"
#include "codec/position.hpp"
#include "store/digest.hpp"
#include "tests/sim/verdict.hpp"

namespace parley::sim {
namespace {

// Whatever stands between the marks of people's words.
template <class Do>
void for_each_word(std::string_view bytes, const Do& what) {
  for (auto at = bytes.find(kWordsBegin); at != std::string_view::npos; at = bytes.find(kWordsBegin, at + 1))
    what(bytes.substr(at));
}

bool is_dead(const Truth& truth, std::string_view words) {
  const std::string marked(words.substr(0, words.find(kWordsEnd) + 1));
  const auto next = truth.dead_words().lower_bound(marked);
  return next != truth.dead_words().end() && next->starts_with(marked);
}

void judge_store(const store::Store& store, const Truth& truth, const std::string& whose) {
  const auto snapshot = store.snapshot();
  constexpr store::TableId kLastTable = 40;
  for (store::TableId table = 1; table <= kLastTable; ++table)
    ASSERT_TRUE(snapshot->scan(table, {}, {}, [&](std::string_view key, std::string_view row) {
      for (const auto bytes : {key, row})
        for_each_word(bytes, [&](std::string_view words) {
          EXPECT_FALSE(is_dead(truth, words)) << whose << ", table " << int{table} << ": " << words.substr(0, 40);
        });
      return true;
    }));
}

// What he had been told was done before he was erased.
void judge_promise(const System& system, const Truth& truth, const Wish& erasure) {
  const auto positions = codec::parse_positions(erasure.answer->position);
  ASSERT_TRUE(positions && positions->size() == system.control().partitions) << erasure.answer->position;
  for (const auto& position : *positions) {
    const auto* step = truth.step(position.partition, position.next - 1);
    ASSERT_NE(step, nullptr) << position.text();
    const auto* erased = std::get_if<core::EraseUser>(&step->command.payload);
    ASSERT_TRUE(erased != nullptr && erased->user == erasure.erases) << position.text();
  }
  for (const auto& client : system.clients()) {
    if (client.user() != erasure.erases) continue;
    for (const auto& wish : client.wanted())
      if (!wish.text.empty() && wish.answer && wish.answer->accepted && wish.answer->at < erasure.first_sent_at)
        EXPECT_TRUE(truth.dead_words().contains(wish.text)) << wish.text << " lives on";
  }
}

}  // namespace

void judge_erasures(System& system, const Truth& truth) {
  for (const auto& client : system.clients())
    for (const auto& wish : client.wanted())
      if (wish.erases && wish.answer) {
        EXPECT_TRUE(wish.answer->accepted) << wish.request.target << ": " << wish.answer->code;
        if (wish.answer->accepted) judge_promise(system, truth, wish);
      }
  for (std::uint32_t partition = 0; partition < system.control().partitions; ++partition) {
    judge_store(system.projecting().folding.pipeline().store(partition), truth, "projector");
    judge_store(system.broadcasting().folding.pipeline().store(partition), truth, "broadcaster");
    for (const auto& record : system.log().records(partition))
      for_each_word(record.value, [](std::string_view words) { ADD_FAILURE() << "not sealed: " << words.substr(0, 40); });
  }
}

}  // namespace parley::sim
