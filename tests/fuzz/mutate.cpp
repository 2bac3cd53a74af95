#include "tests/fuzz/mutate.hpp"

#include <array>
#include <string_view>

namespace parley::fuzz {
namespace {

using namespace std::string_view_literals;

// What parsers trip over.
constexpr std::array kTokens = {"\""sv,
                                "\\"sv,
                                "{"sv,
                                "}"sv,
                                "["sv,
                                "]"sv,
                                ","sv,
                                ":"sv,
                                "-"sv,
                                "0"sv,
                                "1e999"sv,
                                "1.0"sv,
                                "null"sv,
                                "\\ud800"sv,
                                "\\u0000"sv,
                                "\\n"sv,
                                "%"sv,
                                "%00"sv,
                                "+"sv,
                                "&"sv,
                                "="sv,
                                "\0"sv,
                                "\xff"sv,
                                "\xc3"sv,
                                "\xed\xa0\x80"sv,
                                "👍"sv,
                                "9007199254740992"sv,
                                "18446744073709551616"sv,
                                "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv};

}  // namespace

std::uint64_t Mutator::below(std::uint64_t end) {  // xorshift*
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return (state_ * 0x2545F4914F6CDD1D >> 16) % end;
}

std::string Mutator::next() {
  auto text = any_input();
  for (auto n = 1 + below(4); n > 0; --n) change(text);
  return text;
}

void Mutator::change(std::string& text) {
  const auto at = below(text.size() + 1);
  const auto length = 1 + below(8);
  switch (below(7)) {
    case 0:  // another bit
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      break;
    case 1:  // another byte
      if (at < text.size()) text[at] = static_cast<char>(below(256));
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:  // the same twice
      text.insert(at, text.substr(at, length));
      break;
    case 4:
      text.insert(at, kTokens[below(kTokens.size())]);
      break;
    case 5:
      text.replace(at, length, kTokens[below(kTokens.size())]);
      break;
    default: {  // the end of another input
      const auto& other = any_input();
      text = text.substr(0, at) + other.substr(below(other.size() + 1));
    }
  }
}

}  // namespace parley::fuzz
