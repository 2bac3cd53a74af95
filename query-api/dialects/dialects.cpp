#include "query-api/dialects/dialects.hpp"

#include "query-api/dialects/pagenow/pagenow.hpp"
#include "query-api/dialects/slack_clone/slack_clone.hpp"
#include "query-api/dialects/social_media/social_media.hpp"

namespace parley::query_api::dialects {

std::vector<const dialect::Dialect*> reads(const dialect::Options& options) {
  std::vector<const dialect::Dialect*> spoken;
  for (const dialect::Dialect* each : {&slack_clone_reads(), &pagenow_reads(), &social_media_reads()})
    if (options.speaks(each->name)) spoken.push_back(each);
  return spoken;
}

}  // namespace parley::query_api::dialects
