#include "codec/rfc3339.hpp"

#include <algorithm>
#include <chrono>

namespace parley::codec {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

void write_digits(char* out, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

// Reads a text from its start, a part at a time; a part that isn't there spoils it.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  unsigned digits(std::size_t width) {
    if (rest_.size() < width) return spoil();
    unsigned value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return spoil();
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }
  // Takes one of `allowed`; returns it, in upper case.
  char one_of(std::string_view allowed) {
    if (rest_.empty() || !allowed.contains(rest_.front())) return static_cast<char>(spoil());
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  [[nodiscard]] bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  [[nodiscard]] bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }
  unsigned spoil() {
    good_ = false;
    rest_ = {};
    return 0;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

unsigned fraction_ms(Reader& in) {
  unsigned ms = 0;
  unsigned weight = 100;
  do {
    ms += in.digits(1) * weight;
    weight /= 10;
  } while (in.next_is_digit());
  return ms;
}

std::int64_t offset_ms(Reader& in) {
  const char sign = in.one_of("Zz+-");
  if (sign == 'Z') return 0;
  const auto hours = in.digits(2);
  in.one_of(":");
  const auto minutes = in.digits(2);
  if (hours > 23 || minutes > 59) in.spoil();
  const auto ms = (std::int64_t{hours} * 60 + minutes) * 60'000;
  return sign == '-' ? -ms : ms;
}

}  // namespace

void append_time(std::string& out, core::TimeMs time) {
  const auto ms = std::clamp(time, kFirstTime, kLastTime).value;
  const auto since_epoch = std::chrono::floor<std::chrono::days>(std::chrono::milliseconds{ms});
  const std::chrono::year_month_day date{std::chrono::sys_days{since_epoch}};
  const auto of_day = static_cast<unsigned>(ms - since_epoch.count() * kMsPerDay);
  char text[] = "0000-00-00T00:00:00.000Z";
  write_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  write_digits(text + 5, static_cast<unsigned>(date.month()), 2);
  write_digits(text + 8, static_cast<unsigned>(date.day()), 2);
  write_digits(text + 11, of_day / 3'600'000, 2);
  write_digits(text + 14, of_day / 60'000 % 60, 2);
  write_digits(text + 17, of_day / 1000 % 60, 2);
  write_digits(text + 20, of_day % 1000, 3);
  out.append(text, sizeof text - 1);
}

std::string time_text(core::TimeMs time) {
  std::string out;
  append_time(out, time);
  return out;
}

std::optional<core::TimeMs> parse_time(std::string_view text) {
  Reader in(text);
  const auto year = in.digits(4);
  in.one_of("-");
  const auto month = in.digits(2);
  in.one_of("-");
  const auto day = in.digits(2);
  in.one_of("Tt");
  const auto hour = in.digits(2);
  in.one_of(":");
  const auto minute = in.digits(2);
  in.one_of(":");
  const auto second = in.digits(2);
  unsigned ms = 0;
  if (in.next_is('.')) {
    in.one_of(".");
    ms = fraction_ms(in);
  }
  const auto offset = offset_ms(in);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!in.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  const auto seconds = (std::int64_t{hour} * 60 + minute) * 60 + std::min(second, 59U);
  const core::TimeMs time{std::int64_t{days} * kMsPerDay + seconds * 1000 + ms - offset};
  if (time < kFirstTime || time > kLastTime) return std::nullopt;
  return time;
}

}  // namespace parley::codec
