#include "app/rate_limits.hpp"

namespace parley::app {

namespace {

// The command line has checked it.
limit::Rate rate(const std::string& text) { return limit::Rate::parse(text).value(); }

limit::Figures figures(const LimitOptions::Each& each) {
  return {.messages = rate(each.messages),
          .commands = rate(each.commands),
          .reads = rate(each.reads),
          .bytes = rate(each.bytes),
          .connections = each.connections};
}

}  // namespace

std::unique_ptr<api::RateGate> rate_gate(const Options& options, const runtime::Clock& clock, runtime::Metrics& metrics) {
  const auto& limits = options.limits;
  if (limits.enabled == "off") return nullptr;
  return std::make_unique<api::RateGate>(limit::Options{.user = figures(limits.user),
                                                        .address = figures(limits.address),
                                                        .refusals = rate(limits.refusals),
                                                        .max_accounts = limits.max_accounts},
                                         net::TrustedProxies::parse(split_list(limits.trusted_proxies)).value(), clock,
                                         metrics);
}

}  // namespace parley::app
