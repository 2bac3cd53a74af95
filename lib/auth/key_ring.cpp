#include "auth/key_ring.hpp"

#include "runtime/log.hpp"

namespace parley::auth {

using std::chrono::steady_clock;

namespace {
constexpr const char* kFetches = "parley_auth_key_fetches_total";
constexpr const char* kFetchesHelp = "Fetches of the issuer's keys";
}  // namespace

KeyRing::KeyRing(Fetch fetch, KeyRingOptions options, runtime::Metrics& metrics)
    : fetch_(std::move(fetch)),
      options_(options),
      fetched_(metrics.counter(kFetches, kFetchesHelp, {{"result", "ok"}})),
      failed_(metrics.counter(kFetches, kFetchesHelp, {{"result", "failed"}})),
      known_(metrics.gauge("parley_auth_keys", "Keys of the issuer that tokens are verified with")),
      fetched_at_(metrics.gauge("parley_auth_keys_fetched_timestamp_seconds", "When the issuer's keys were fetched last")),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

std::shared_ptr<const KeySet> KeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

bool KeyRing::ask(std::chrono::milliseconds within, std::function<void()> then) {
  const std::lock_guard lock(mutex_);
  if (!fetching_) {
    wanted_ = true;  // though it be too late for this one
    asked_.notify_one();
    if (earliest_ > steady_clock::now() + within) return false;
  }
  if (waiting_.size() >= kMaxWaiting) return false;
  waiting_.push_back(std::move(then));
  return true;
}

void KeyRing::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void KeyRing::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const bool fetched = fetch_once(stop);
    std::vector<std::function<void()>> waiting;
    {
      const std::lock_guard lock(mutex_);
      fetching_ = false;
      earliest_ = steady_clock::now() + options_.cooldown;
      waiting.swap(waiting_);
    }
    if (stop.stop_requested()) return;
    for (const auto& then : waiting) then();
    wait(fetched, stop);
  }
}

void KeyRing::wait(bool fetched, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto due = earliest_ - options_.cooldown + (fetched ? options_.refresh : options_.cooldown);
  asked_.wait_until(lock, stop, earliest_, [] { return false; });
  asked_.wait_until(lock, stop, due, [this] { return wanted_; });
  fetching_ = true;
  wanted_ = false;
}

bool KeyRing::fetch_once(const std::stop_token& stop) {
  auto document = fetch_(stop);
  if (stop.stop_requested()) return false;
  auto keys = document && *document != document_ ? KeySet::parse(*document) : KeySet();
  if (!document || !keys) {
    complain(document ? keys.error() : document.error());
    return false;
  }
  if (*document != document_) take(std::move(*document), std::move(*keys));
  if (!std::exchange(complaint_, {}).empty()) spdlog::info("the issuer's keys are within reach again");
  fetched_.add();
  fetched_at_.set(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  return true;
}

void KeyRing::take(std::string document, KeySet keys) {
  spdlog::info("the issuer's keys: {}, and {} passed over", keys.size(), keys.passed_over());
  document_ = std::move(document);
  known_.set(static_cast<std::int64_t>(keys.size()));
  const std::lock_guard lock(mutex_);
  keys_ = std::make_shared<const KeySet>(std::move(keys));
  generation_.fetch_add(1, std::memory_order_release);
}

void KeyRing::complain(const std::string& why) {
  failed_.add();
  if (std::exchange(complaint_, why) == why) return;
  spdlog::warn("the issuer's keys can't be fetched: {}; {}", why,
               document_.empty() ? "until they are, its tokens are refused" : "the keys that are there go on");
}

}  // namespace parley::auth
