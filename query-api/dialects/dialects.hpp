// Every dialect whose reads query-api answers: a new one is a folder and a line here.
#pragma once

#include "dialect/dialect.hpp"
#include "dialect/options.hpp"

namespace parley::query_api::dialects {

// Those that the options name.
std::vector<const dialect::Dialect*> reads(const dialect::Options& options);

}  // namespace parley::query_api::dialects
