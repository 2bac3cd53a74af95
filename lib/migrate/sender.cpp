#include "migrate/sender.hpp"

#include "codec/command_codec.hpp"

namespace parley::migrate {

using SteadyClock = std::chrono::steady_clock;

Sender::Sender(eventlog::EventLog& log, keys::KeyStore& keys, SenderOptions options)
    : log_(log), keys_(keys), options_(options), sent_(options.partitions) {}

bool Sender::fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
  return false;
}

bool Sender::make_keys(const std::vector<core::UserId>& users) {
  if (!failure_.empty()) return false;
  struct Shared {
    std::mutex mutex;
    std::condition_variable news;
    std::size_t left = 0;
    bool all = true;
  };
  const auto shared = std::make_shared<Shared>();
  for (const auto& user : users) {
    if (keys_.table().current(user)) continue;
    {
      const std::scoped_lock lock(shared->mutex);
      ++shared->left;
    }
    keys_.make(user, [shared](keys::Told told) {
      {
        const std::scoped_lock lock(shared->mutex);
        shared->all = shared->all && told == keys::Told::Done;
        --shared->left;
      }
      shared->news.notify_all();
    });
  }
  std::unique_lock lock(shared->mutex);
  const bool told = shared->news.wait_for(lock, options_.patience, [&] { return shared->left == 0; });
  return (told && shared->all) || fail("the key store does not take new keys");
}

void Sender::begin_at(std::vector<eventlog::Offset> ends) {
  const std::scoped_lock lock(mutex_);
  begin_ = std::move(ends);
}

core::Command Sender::command(const core::UserId& user, core::Payload payload, core::TimeMs at) const {
  core::Command command;
  command.user = user;
  command.payload = std::move(payload);
  command.stream = codec::stream_for(command.payload, user);
  command.received_at = at;
  command.origin.gateway = options_.gateway;
  return command;
}

bool Sender::seal(core::Command& command) {
  if (!codec::has_words(command.payload)) {
    if (!command.key.empty()) codec::set_payload_hash(command);
    return true;
  }
  auto found = body_keys_.find(command.user);
  if (found == body_keys_.end()) {
    if (!make_keys({command.user})) return false;
    const auto key = keys_.table().current(command.user);
    if (!key) return fail("the key store has no key for " + command.user.text);
    found = body_keys_.emplace(command.user, *key).first;
  }
  codec::seal(command, found->second);
  if (!command.key.empty()) codec::set_payload_hash(command, &found->second);
  return true;
}

bool Sender::send(core::Command command, Ticket ticket) {
  if (!settle() || !seal(command)) return false;
  // Half of it at once: one for each that is told would make small batches all the way.
  if (in_flight_ >= options_.max_in_flight || in_flight_bytes_ >= options_.max_in_flight_bytes)
    while (in_flight_ > options_.max_in_flight / 2 || in_flight_bytes_ > options_.max_in_flight_bytes / 2)
      if (!await_one()) return false;
  eventlog::AppendRequest request;
  request.record.partition = core::partition_of(command.stream.slot(), options_.partitions);
  request.record.key = command.stream.bytes();
  request.record.value = codec::encode(command);
  request.record.event.type = codec::event_type(command);
  if (log_.keeps_events()) {
    auto attributes = codec::event_attributes(command);
    request.record.event = {std::move(attributes.type), std::move(attributes.id),      std::move(attributes.source),
                            std::move(attributes.time), std::move(attributes.subject), std::move(attributes.traceparent)};
  }
  request.done = [this](std::expected<eventlog::Offset, eventlog::AppendError> appended) {
    if (appended || refused_.exchange(true)) return;
    const std::scoped_lock lock(mutex_);
    news_.notify_all();
  };
  const auto bytes = eventlog::record_bytes(request.record);
  sent_[request.record.partition].push_back({command.id, bytes, std::move(ticket)});
  ++in_flight_;
  in_flight_bytes_ += bytes;
  gathered_.push_back(std::move(request));
  if (gathered_.size() >= options_.append_at_once) flush();
  return true;
}

void Sender::flush() {
  if (!gathered_.empty()) log_.append(std::exchange(gathered_, {}));
}

bool Sender::await_one() {
  flush();
  if (in_flight_ == 0) return false;
  const auto before = in_flight_;
  const auto deadline = SteadyClock::now() + options_.patience;
  while (in_flight_ == before) {
    {
      std::unique_lock lock(mutex_);
      if (!news_.wait_until(lock, deadline, [this] { return any_heard_ || refused_; }))
        return fail("the log and its fold have not moved for " + std::to_string(options_.patience.count()) + " ms");
    }
    if (!settle()) return false;
  }
  return true;
}

bool Sender::drain() {
  while (in_flight_ > 0)
    if (!await_one()) return false;
  return failure_.empty();
}

// Tells what was heard. False: failed.
bool Sender::settle() {
  if (refused_) fail("the log did not take a command");
  if (!failure_.empty()) return false;
  if (!any_heard_.load(std::memory_order_relaxed)) return true;
  std::vector<Heard> heard;
  {
    const std::scoped_lock lock(mutex_);
    heard.swap(heard_);
    any_heard_ = false;
  }
  for (const auto& [partition, offset, id, outcome] : heard) {
    auto& queue = sent_[partition];
    if (queue.empty() || queue.front().id != id) return fail("the log has commands in another order than they were sent in");
    const auto sent = std::move(queue.front());
    queue.pop_front();
    --in_flight_;
    in_flight_bytes_ -= sent.bytes;
    if (settled_) settled_(sent.ticket, outcome);
  }
  return failure_.empty();
}

void Sender::publish(const fold::PartitionFold& fold, std::vector<fold::Step> steps) {
  std::vector<Heard> heard;
  heard.reserve(steps.size());
  for (auto& step : steps) {
    if (step.command.origin.gateway != options_.gateway) continue;
    auto& outcome = step.decision.outcome;
    outcome.result = {};
    heard.push_back({fold.partition(), step.offset, step.command.id, std::move(outcome)});
  }
  if (heard.empty()) return;
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(heard, [this](const Heard& one) { return begin_.empty() || one.offset < begin_[one.partition]; });
    if (heard.empty()) return;
    heard_.insert(heard_.end(), std::make_move_iterator(heard.begin()), std::make_move_iterator(heard.end()));
    any_heard_ = true;
  }
  news_.notify_all();
}

}  // namespace parley::migrate
