// Who may ask for how much: the accounts of all users and addresses, and the ones that a request or a socket is charged to.
//
// Operation: a socket looks its accounts up once; from then on being charged is a few atomic operations. Concurrency: any
// thread; finding an account locks a stripe of its table (runtime/shared_table.hpp), charging locks nothing. Ownership:
// outlives every Caller. Limits: at most about max_accounts accounts of users, and as many of addresses. Whoever finds no room
// is not limited, and counted.
#pragma once

#include <array>
#include <expected>
#include <memory>
#include <string>

#include "limit/account.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "runtime/shared_table.hpp"

namespace parley::limit {

enum class Of : std::uint8_t { User, Address };
inline constexpr std::size_t kOfs = 2;

struct Options {
  Figures user;
  Figures address;
  Rate refusals;  // of one socket; beyond, it is closed
  std::size_t max_accounts = 200'000;
};

struct Refusal {
  Of of = Of::User;
  What what = What::Commands;
  Time wait{0};
  Quota quota;
  [[nodiscard]] std::string sentence() const;
};

class Limits;

// The place of a connection among those of its user and address; given back at its end.
class Place {
 public:
  Place(std::shared_ptr<Account> user, std::shared_ptr<Account> address)
      : user_(std::move(user)), address_(std::move(address)) {}
  ~Place();
  Place(Place&&) = default;
  Place& operator=(Place&&) = delete;

 private:
  std::shared_ptr<Account> user_;
  std::shared_ptr<Account> address_;
};

// Whom a request or a socket is charged to: an address and, as soon as it is known, a user.
class Caller {
 public:
  Caller(Limits& limits, const std::string& address);
  void identify(const std::string& user);

  // Charges the user and the address, unless it is too much for either: then neither.
  std::optional<Refusal> take(Asks asks, std::size_t bytes);
  // What take() would refuse.
  [[nodiscard]] std::optional<Refusal> look(Asks asks, std::size_t bytes) const;
  std::expected<Place, Refusal> enter();
  // How the user stands with what he asks for; none: there is no limit to it, or nobody knows who he is.
  [[nodiscard]] std::optional<Quota> quota(Asks asks) const;

 private:
  [[nodiscard]] Refusal refuse(Of of, const Denied& denied) const;

  Limits* limits_;
  std::shared_ptr<Account> user_;
  std::shared_ptr<Account> address_;
};

class Limits {
 public:
  Limits(const Options& options, const runtime::Clock& clock, runtime::Metrics& metrics);

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] Time now() const { return std::chrono::milliseconds(clock_.now_ms()); }
  // Null: there is no room.
  std::shared_ptr<Account> account(Of of, const std::string& name);
  void count_refusal(Of of, What what) { refused_[static_cast<std::size_t>(of)][static_cast<std::size_t>(what)]->add(); }
  void count_closed() { closed_.add(); }

 private:
  using Table = runtime::SharedTable<Account>;
  Options options_;
  const runtime::Clock& clock_;
  Table users_;
  Table addresses_;
  std::array<std::array<runtime::Counter*, kWhats>, kOfs> refused_;
  std::array<runtime::Counter*, kOfs> untracked_;
  runtime::Counter& closed_;
};

}  // namespace parley::limit
