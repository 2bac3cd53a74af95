// Room chat: rooms by name over a WebSocket, one at a time for each socket. See docs/compatibility.md, rows W.
#pragma once

#include "ingest/dialects/speech.hpp"

namespace parley::ingest::dialects {

const Speech& room_chat_speech();

}  // namespace parley::ingest::dialects
