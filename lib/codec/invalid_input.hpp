// What is wrong with something a client sent: enough for a problem body or an error frame.
#pragma once

#include <string>
#include <vector>

#include "codec/problem.hpp"

namespace parley::codec {

struct InvalidInput {
  Problem code = Problem::InvalidArgument;
  std::string detail;              // for people
  std::vector<FieldError> errors;  // of invalid_argument: field by field
};

}  // namespace parley::codec
