#include "limit/limits.hpp"

namespace parley::limit {

namespace {

constexpr std::string_view name(Of of) { return of == Of::User ? "user" : "address"; }

std::int64_t milliseconds_up(Time time) { return std::chrono::ceil<std::chrono::milliseconds>(time).count(); }

What what_of(Asks asks) { return asks == Asks::Message ? What::Messages : asks == Asks::Read ? What::Reads : What::Commands; }

}  // namespace

std::string Refusal::sentence() const {
  if (what == What::Connections)
    return "this " + std::string(name(of)) + " has too many connections: at most " + std::to_string(quota.limit);
  return "too many " + std::string(limit::name(what)) + " of this " + std::string(name(of)) + "; try again in " +
         std::to_string(milliseconds_up(wait)) + " ms";
}

Place::~Place() {
  for (const auto& account : {user_, address_})
    if (account) account->leave();
}

Caller::Caller(Limits& limits, const std::string& address) : limits_(&limits), address_(limits.account(Of::Address, address)) {}

void Caller::identify(const std::string& user) { user_ = limits_->account(Of::User, user); }

Refusal Caller::refuse(Of of, const Denied& denied) const {
  limits_->count_refusal(of, denied.what);
  const auto& account = of == Of::User ? user_ : address_;
  return {of, denied.what, denied.wait, account->quota(denied.what, limits_->now())};
}

std::optional<Refusal> Caller::take(Asks asks, std::size_t bytes) {
  if (auto refusal = look(asks, bytes)) return refusal;
  const auto now = limits_->now();
  for (auto* account : {user_.get(), address_.get()})
    if (account != nullptr) account->charge(asks, bytes, now);
  return std::nullopt;
}

std::optional<Refusal> Caller::look(Asks asks, std::size_t bytes) const {
  const auto now = limits_->now();
  if (user_)
    if (const auto denied = user_->look(asks, bytes, now)) return refuse(Of::User, *denied);
  if (address_)
    if (const auto denied = address_->look(asks, bytes, now)) return refuse(Of::Address, *denied);
  return std::nullopt;
}

std::expected<Place, Refusal> Caller::enter() {
  constexpr Denied kFull{What::Connections, Time(0)};
  if (user_ && !user_->enter()) return std::unexpected(refuse(Of::User, kFull));
  if (address_ && !address_->enter()) {
    if (user_) user_->leave();
    return std::unexpected(refuse(Of::Address, kFull));
  }
  return Place(user_, address_);
}

std::optional<Quota> Caller::quota(Asks asks) const {
  if (!user_) return std::nullopt;
  const auto quota = user_->quota(what_of(asks), limits_->now());
  return quota.limit > 0 ? std::optional(quota) : std::nullopt;
}

Limits::Limits(const Options& options, const runtime::Clock& clock, runtime::Metrics& metrics)
    : options_(options),
      clock_(clock),
      users_(options.max_accounts),
      addresses_(options.max_accounts),
      closed_(metrics.counter("parley_limits_closed_total", "Sockets closed with 4429: they went on, whatever was refused")) {
  for (const auto of : {Of::User, Of::Address}) {
    const auto index = static_cast<std::size_t>(of);
    const std::string owner(name(of));
    for (std::size_t what = 0; what < kWhats; ++what)
      refused_[index][what] = &metrics.counter("parley_limits_refused_total", "What was refused for being too much",
                                               {{"of", owner}, {"what", std::string(limit::name(static_cast<What>(what)))}});
    untracked_[index] = &metrics.counter("parley_limits_untracked_total",
                                         "Requests and sockets that were not limited, for want of room", {{"of", owner}});
    metrics.gauge_from("parley_limits_accounts", "Users and addresses that are counted for now", {{"of", owner}},
                       [&table = of == Of::User ? users_ : addresses_] { return static_cast<double>(table.size()); });
  }
}

std::shared_ptr<Account> Limits::account(Of of, const std::string& name) {
  auto& table = of == Of::User ? users_ : addresses_;
  const auto& figures = of == Of::User ? options_.user : options_.address;
  auto found = table.find(
      name, [&] { return std::make_shared<Account>(figures); },
      [this](const Account& account) { return account.is_idle(now()); });
  if (!found) untracked_[static_cast<std::size_t>(of)]->add();
  return found;
}

}  // namespace parley::limit
