// From what is looked for to Xapian's query. Inside lib/search only.
#pragma once

#include <xapian.h>

#include "search/searcher.hpp"

namespace parley::search {

// Of the text alone; empty when there is nothing in it to look for. Total: any text is a query. `any`: one of its words is
// enough.
Xapian::Query query_of_text(const Xapian::Database& db, const std::string& text, bool any, const Xapian::Stem& stem);

// The whole. The search throws PastDeadline, from within Xapian, when its time is over.
struct PastDeadline {};
Xapian::Query query_of(const Xapian::Database& db, const Wanted& wanted, const Xapian::Stem& stem,
                       std::chrono::steady_clock::time_point deadline);

}  // namespace parley::search
