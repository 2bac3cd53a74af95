// Social media's chat: channels by number over HTTP, and pushes over a WebSocket. See docs/compatibility.md, rows N.
#pragma once

#include "ingest/dialects/speech.hpp"

namespace parley::ingest::dialects {

const Speech& social_media_speech();
const dialect::Dialect& social_media_writes();

}  // namespace parley::ingest::dialects
