// Matchers for input that is refused.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>

#include "codec/invalid_input.hpp"

namespace parley::codec {

MATCHER_P(Refused, code, "is refused with " + std::string(info(code).code)) {
  if (arg.has_value()) return false;
  *result_listener << info(arg.error().code).code << ", " << arg.error().detail;
  return arg.error().code == code;
}

// invalid_argument, with that field among those that are wrong.
MATCHER_P(WrongField, field, std::string("is refused over field ") + field) {
  if (arg.has_value()) return false;
  *result_listener << info(arg.error().code).code << ", " << arg.error().detail;
  return arg.error().code == Problem::InvalidArgument &&
         std::ranges::any_of(arg.error().errors, [&](const FieldError& e) { return e.field == field; });
}

}  // namespace parley::codec
