// A message as the index takes it.
#pragma once

#include <string>

#include "core/apply.hpp"

namespace parley::search {

struct Document {
  core::MessageRef message;
  core::UserId author;
  core::TimeMs posted_at;
  std::string text;
};

}  // namespace parley::search
