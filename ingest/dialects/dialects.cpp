#include "ingest/dialects/dialects.hpp"

#include "ingest/dialects/pagenow/pagenow.hpp"
#include "ingest/dialects/room_chat/room_chat.hpp"
#include "ingest/dialects/slack_clone/slack_clone.hpp"
#include "ingest/dialects/social_media/social_media.hpp"

namespace parley::ingest::dialects {

std::vector<const Speech*> speeches(const dialect::Options& options) {
  std::vector<const Speech*> spoken;
  for (const Speech* speech : {&room_chat_speech(), &pagenow_speech(), &social_media_speech(), &slack_clone_speech()})
    if (options.speaks(speech->name())) spoken.push_back(speech);
  return spoken;
}

std::vector<const dialect::Dialect*> writes(const dialect::Options& options) {
  std::vector<const dialect::Dialect*> spoken;
  for (const dialect::Dialect* each : {&slack_clone_writes(), &pagenow_writes(), &social_media_writes()})
    if (options.speaks(each->name)) spoken.push_back(each);
  return spoken;
}

}  // namespace parley::ingest::dialects
