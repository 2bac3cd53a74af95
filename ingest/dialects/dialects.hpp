// Every dialect that ingest speaks: a new one is a folder and a line here.
#pragma once

#include "dialect/dialect.hpp"
#include "dialect/options.hpp"
#include "ingest/dialects/speech.hpp"

namespace parley::ingest::dialects {

// Those that the options name, in the order in which they look at a handshake.
std::vector<const Speech*> speeches(const dialect::Options& options);
std::vector<const dialect::Dialect*> writes(const dialect::Options& options);

}  // namespace parley::ingest::dialects
