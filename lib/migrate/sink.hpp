// Who takes what a reader of an export finds, in order.
#pragma once

#include <string_view>

#include "migrate/entry.hpp"

namespace parley::migrate {

class Sink {
 public:
  virtual ~Sink() = default;
  // False: it can't go on, and whoever reads should stop.
  virtual bool take(Entry entry) = 0;
  // Something of the export that can't be taken over; `kind` is a word of a few, `where` the place in the export.
  virtual void leave_out(std::string_view kind, std::string_view where, std::string_view why) = 0;
  // The export itself can't be read there.
  virtual void damaged(std::string_view where, std::string_view why) = 0;

  // --- what was taken so far has made
  [[nodiscard]] virtual bool has_channel(const std::string& channel) const = 0;
  [[nodiscard]] virtual bool is_in(const std::string& channel, const core::UserId& user) const = 0;
};

}  // namespace parley::migrate
