// UTF-8 as peers send it: what of it is well-formed.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley::runtime {

// The length in bytes of the well-formed character at the start (Unicode, table 3-7: no overlong form, no surrogate, nothing
// beyond U+10FFFF); 0: there is none.
std::size_t utf8_character(std::string_view text);

}  // namespace parley::runtime
