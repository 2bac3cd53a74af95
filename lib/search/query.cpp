#include "search/query.hpp"

#include <algorithm>
#include <limits>

#include "search/gate.hpp"
#include "search/terms.hpp"

namespace parley::search {
namespace {

// So many channels are found by their postings; of more each message that fits otherwise is looked at.
constexpr std::size_t kFewChannels = 64;

using Parser = Xapian::QueryParser;
constexpr unsigned kPlain = Parser::FLAG_CJK_NGRAM;
constexpr unsigned kSyntax = kPlain | Parser::FLAG_PHRASE | Parser::FLAG_LOVEHATE;

class AuthorField final : public Xapian::FieldProcessor {
 public:
  Xapian::Query operator()(const std::string& name) override { return Xapian::Query(author_term({name})); }
};

Xapian::Query one_of(const std::vector<core::ChannelId>& channels) {
  std::vector<Xapian::Query> terms;
  terms.reserve(channels.size());
  for (const auto& channel : channels) terms.emplace_back(channel_term(channel));
  return {Xapian::Query::OP_OR, terms.begin(), terms.end()};
}

Xapian::Query posted_between(const Wanted& wanted) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const auto from = wanted.after && wanted.after->value < kMax ? wanted.after->value + 1 : kMin;
  const auto to = wanted.before && wanted.before->value > kMin ? wanted.before->value - 1 : kMax;
  return {Xapian::Query::OP_VALUE_RANGE, kPostedAt, time_value({from}), time_value({to})};
}

// In lower case, since the parser takes a word with a capital for a name and looks for no other form of it; save for names of
// authors, in which case counts.
std::string in_lower_case(const std::string& text) {
  constexpr std::string_view kField = "author:";
  std::string lower;
  for (std::size_t at = 0; at < text.size();) {
    const auto field = std::min(text.find(kField, at), text.size());
    lower += Xapian::Unicode::tolower(text.substr(at, field - at));
    const bool quoted = text.substr(field).starts_with(std::string(kField) + '"');
    const auto begin = std::min(field + kField.size() + (quoted ? 1 : 0), text.size());
    at = std::min(text.find_first_of(quoted ? "\"" : " \t\r\n", begin), text.size());
    lower += text.substr(field, at - field);
  }
  return lower;
}

}  // namespace

Xapian::Query query_of_text(const Xapian::Database& db, const std::string& text, bool any, const Xapian::Stem& stem) {
  AuthorField author;
  Parser parser;
  parser.set_database(db);
  parser.set_stemmer(stem);
  parser.set_stemming_strategy(Parser::STEM_SOME);
  parser.set_default_op(any ? Xapian::Query::OP_OR : Xapian::Query::OP_AND);
  parser.set_max_expansion(kMaxExpansion, Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT);
  const auto wildcards = static_cast<std::size_t>(std::ranges::count(text, '*'));
  try {
    Parser with_fields(parser);
    with_fields.add_boolean_prefix("author", &author);
    return with_fields.parse_query(in_lower_case(text), wildcards > kMaxWildcards ? kSyntax : kSyntax | Parser::FLAG_WILDCARD);
  } catch (const Xapian::QueryParserError&) {
    // Plain words then.
  }
  try {
    return parser.parse_query(Xapian::Unicode::tolower(text), kPlain);
  } catch (const Xapian::QueryParserError&) {
    return Xapian::Query::MatchNothing;
  }
}

Xapian::Query query_of(const Xapian::Database& db, const Wanted& wanted, const Xapian::Stem& stem,
                       std::chrono::steady_clock::time_point deadline) {
  if (wanted.channels.empty()) return Xapian::Query::MatchNothing;
  std::vector<Xapian::Query> filters;
  const Clock clock(deadline);
  if (wanted.channels.size() <= kFewChannels) {
    filters.emplace_back((new Anything(clock))->release());
    filters.push_back(one_of(wanted.channels));
  } else {
    filters.emplace_back((new OfChannels(wanted.channels, clock))->release());
  }
  if (wanted.author) filters.emplace_back(author_term(*wanted.author));
  if (wanted.before || wanted.after) filters.push_back(posted_between(wanted));
  const Xapian::Query allowed(Xapian::Query::OP_AND, filters.begin(), filters.end());
  if (wanted.text.empty()) return {0.0, allowed};
  return {Xapian::Query::OP_FILTER, query_of_text(db, wanted.text, wanted.any, stem), allowed};
}

}  // namespace parley::search
