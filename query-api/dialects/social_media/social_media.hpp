// Social media's chat: what is read over HTTP. See docs/compatibility.md, rows N.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::query_api::dialects {

const dialect::Dialect& social_media_reads();

}  // namespace parley::query_api::dialects
