// Slack clone: workspaces and channels over HTTP, direct messages and channel messages over WebSockets. See
// docs/compatibility.md, rows S.
#pragma once

#include "ingest/dialects/speech.hpp"

namespace parley::ingest::dialects {

const Speech& slack_clone_speech();
const dialect::Dialect& slack_clone_writes();

}  // namespace parley::ingest::dialects
