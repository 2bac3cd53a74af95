// PageNow's chat API: conversations over HTTP, what is said in them over a WebSocket. See docs/compatibility.md, rows P.
#pragma once

#include "ingest/dialects/speech.hpp"

namespace parley::ingest::dialects {

const Speech& pagenow_speech();
const dialect::Dialect& pagenow_writes();

}  // namespace parley::ingest::dialects
