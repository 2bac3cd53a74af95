// The reads of Slack clone: workspaces, channels and messages whole. See docs/compatibility.md, rows S.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::query_api::dialects {

const dialect::Dialect& slack_clone_reads();

}  // namespace parley::query_api::dialects
