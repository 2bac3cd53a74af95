// The limits by rate that the options ask for.
#pragma once

#include <memory>

#include "api/rate_gate.hpp"
#include "app/options.hpp"

namespace parley::app {

// None with `--rate-limits off`: nothing of them runs then.
std::unique_ptr<api::RateGate> rate_gate(const Options& options, const runtime::Clock& clock, runtime::Metrics& metrics);

}  // namespace parley::app
