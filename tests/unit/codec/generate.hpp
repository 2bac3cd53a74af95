// Values to try codecs on: the same seed gives the same values, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/apply.hpp"

namespace parley::codec {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  std::uint64_t number() {  // splitmix64
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t end) { return number() % end; }
  bool flip() { return below(2) == 1; }

  // Text of `min` to `max` characters, every fourth or so not ASCII.
  std::string text(std::size_t min, std::size_t max);
  // The same without control characters.
  std::string name() { return clean(1, 40); }
  core::UserId user() { return {clean(1, 20)}; }
  core::Uuid uuid();
  core::TimeMs time() { return {static_cast<std::int64_t>(below(4'000'000'000'000))}; }
  core::Seq seq() { return {1 + below(1ULL << (1 + below(52)))}; }
  core::Version version() { return {below(1ULL << 53)}; }
  core::Role role() { return static_cast<core::Role>(1 + below(3)); }
  template <class Make>
  auto maybe(Make make) -> std::optional<decltype(make())> {
    return flip() ? std::optional(make()) : std::nullopt;
  }

  core::UserProfile profile();
  core::WorkspaceHead workspace();
  core::ChannelHead channel();
  core::ChannelMember member();
  core::Ban ban();
  core::SiteName site_name();
  core::Reservation reservation();
  core::Message message();
  // `kind` is an index of core::Payload.
  core::Payload payload(std::size_t kind);
  core::Command command(std::size_t kind);
  // `kind` is an index of core::Result.
  core::Outcome outcome(std::size_t kind);

 private:
  std::string clean(std::size_t min, std::size_t max);
  std::uint64_t state_;
};

}  // namespace parley::codec
