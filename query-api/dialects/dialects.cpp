#include "query-api/dialects/dialects.hpp"

#include <initializer_list>

namespace parley::query_api::dialects {

std::vector<const dialect::Dialect*> reads(const dialect::Options& options) {
  std::vector<const dialect::Dialect*> spoken;
  for (const dialect::Dialect* each : std::initializer_list<const dialect::Dialect*>{})
    if (options.speaks(each->name)) spoken.push_back(each);
  return spoken;
}

}  // namespace parley::query_api::dialects
