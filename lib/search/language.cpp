#include "search/language.hpp"

#include <xapian.h>

namespace parley::search {

std::string languages() { return "none " + Xapian::Stem::get_available_languages(); }

bool is_language(std::string_view name) {
  const auto all = " " + languages() + " ";
  return !name.empty() && !name.contains(' ') && all.contains(" " + std::string(name) + " ");
}

}  // namespace parley::search
