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

// invalid_argument over one field, parameter or header.
inline InvalidInput wrong_field(std::string_view name, std::string_view detail) {
  auto text = std::string(name).append(": ").append(detail);
  return {Problem::InvalidArgument, std::move(text), {{std::string(name), std::string(detail)}}};
}

}  // namespace parley::codec
