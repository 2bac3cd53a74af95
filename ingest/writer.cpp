#include "ingest/writer.hpp"

#include <boost/asio/post.hpp>

#include "codec/command_codec.hpp"
#include "codec/http_answer.hpp"
#include "codec/position.hpp"
#include "runtime/log.hpp"
#include "runtime/random.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using std::chrono::duration_cast;
using std::chrono::microseconds;

WriterMetrics::WriterMetrics(runtime::Metrics& metrics)
    : appends(metrics.counter("parley_ingest_appends_total", "Commands handed to the log")),
      append_failures(metrics.counter("parley_ingest_append_failures_total", "Commands that the log did not take")),
      unknown(metrics.counter("parley_ingest_outcome_unknown_total", "Commands whose outcome was not known in time")),
      latency(metrics.histogram("parley_ingest_latency_seconds", "From a command's arrival to its outcome")) {}

Writer::Writer(asio::io_context& context, std::uint32_t shard, service::GatewayId gateway, eventlog::EventLog& log,
               LogIdentity identity, const runtime::Clock& clock, std::chrono::milliseconds deadline, WriterMetrics& metrics,
               keys::KeyStore* keys)
    : context_(context),
      shard_(shard),
      gateway_(gateway),
      log_(log),
      identity_(identity),
      clock_(clock),
      deadline_(deadline),
      metrics_(metrics),
      keys_(keys),
      timer_(context) {}

core::Command Writer::command(const core::UserId& user, std::string key, core::Payload payload, std::string traceparent) const {
  core::Command command;
  command.user = user;
  command.key = std::move(key);
  command.payload = std::move(payload);
  command.stream = codec::stream_for(command.payload, user);
  command.received_at = {clock_.now_ms()};
  command.id = core::command_id(command.stream.slot(), command.received_at, runtime::random_u64());
  command.origin = {gateway_, shard_};
  command.traceparent = std::move(traceparent);
  if (!command.key.empty() && !is_to_be_sealed(command)) codec::set_payload_hash(command);
  return command;
}

bool Writer::is_to_be_sealed(const core::Command& command) const {
  return keys_ != nullptr && codec::has_words(command.payload);
}

void Writer::submit(core::Command command, Done done) {
  if (!await_key(command, done)) append(std::move(command), std::move(done));
}

// True: it was taken, and goes on when its user has a key.
bool Writer::await_key(core::Command& command, Done& done) {
  if (const auto waiting = awaiting_key_.find(command.user); waiting != awaiting_key_.end()) {
    waiting->second.emplace_back(std::move(command), std::move(done));
    return true;
  }
  if (!is_to_be_sealed(command)) return false;
  if (const auto key = keys_->table().current(command.user)) {
    seal(command, *key);
    return false;
  }
  const auto user = command.user;
  awaiting_key_[user].emplace_back(std::move(command), std::move(done));
  keys_->make(user, [this, user](keys::Told) { asio::post(context_, [this, user] { key_is_there(user); }); });
  return true;
}

// Or can't be made: then nothing was written.
void Writer::key_is_there(const core::UserId& user) {
  const auto waiting = std::move(awaiting_key_[user]);
  awaiting_key_.erase(user);
  const auto key = keys_->table().current(user);
  for (auto [command, done] : waiting) {
    const bool needs_it = is_to_be_sealed(command);
    if (needs_it && !key) {
      metrics_.append_failures.add();
      done(command, {.how = Settled::How::NotWritten});
      continue;
    }
    if (needs_it) seal(command, *key);
    append(std::move(command), std::move(done));
  }
}

void Writer::seal(core::Command& command, const codec::BodyKey& key) {
  codec::seal(command, key);
  if (!command.key.empty()) codec::set_payload_hash(command, &key);
}

void Writer::append(core::Command command, Done done) {
  const auto id = command.id;
  if (spdlog::should_log(spdlog::level::debug))
    runtime::log_traced(spdlog::level::debug, codec::trace_id(command.traceparent), "command {} of {}: {}", id.text(),
                        command.user.text, codec::event_type(command));
  eventlog::AppendRequest request;
  request.record.partition = core::partition_of(command.stream.slot(), identity_.partitions);
  request.record.key = command.stream.bytes();
  request.record.value = codec::encode(command);
  std::string().swap(command.sealed.bytes);  // nobody needs it any more, and thousands may wait
  request.record.event = event_of(command);
  auto pending = std::make_shared<Pending>();
  pending->command = std::move(command);
  pending->done = std::move(done);
  pending->since = SteadyClock::now();
  pending->writer = this;
  request.done = [pending](std::expected<eventlog::Offset, eventlog::AppendError> appended) {
    if (appended)
      pending->next.store(*appended + 1, std::memory_order_relaxed);
    else
      asio::post(pending->writer->context_,
                 [pending, error = appended.error()] { pending->writer->fail(pending->command.id, error); });
  };
  deadlines_.emplace_back(pending->since + deadline_, id);
  pending_.emplace(id, std::move(pending));
  if (!watching_) watch_deadlines();
  if (gathered_.empty()) asio::post(context_, [this] { flush(); });
  gathered_.push_back(std::move(request));
}

eventlog::Event Writer::event_of(const core::Command& command) const {
  eventlog::Event event;
  event.type = codec::event_type(command);
  if (!log_.keeps_events()) return event;
  auto attributes = codec::event_attributes(command);
  return {.type = std::move(attributes.type),
          .id = std::move(attributes.id),
          .source = std::move(attributes.source),
          .time = std::move(attributes.time),
          .subject = std::move(attributes.subject),
          .traceparent = std::move(attributes.traceparent)};
}

void Writer::flush() {
  metrics_.appends.add(gathered_.size());
  log_.append(std::exchange(gathered_, {}));
}

void Writer::settle(const service::OutcomeReport& report, std::uint32_t partition) {
  finish(report.command, {.how = Settled::How::Decided,
                          .outcome = report.outcome,
                          .duplicate = report.duplicate,
                          .position = position(partition, report.offset + 1)});
}

void Writer::fail(const core::CommandId& id, eventlog::AppendError error) {
  metrics_.append_failures.add();
  finish(id, {.how = error == eventlog::AppendError::Unknown ? Settled::How::Unknown : Settled::How::NotWritten});
}

void Writer::finish(const core::CommandId& id, Settled settled) {
  const auto it = pending_.find(id);
  if (it == pending_.end()) return;  // was given up, or is an earlier life's
  const auto pending = std::move(it->second);
  pending_.erase(it);
  metrics_.latency.observe_us(
      static_cast<std::uint64_t>(duration_cast<microseconds>(SteadyClock::now() - pending->since).count()));
  pending->done(pending->command, settled);
}

// Deadlines are all alike, so the first that was set is the first that passes.
void Writer::watch_deadlines() {
  watching_ = true;
  const auto now = SteadyClock::now();
  while (!deadlines_.empty() && (deadlines_.front().first <= now || !pending_.contains(deadlines_.front().second))) {
    const auto id = deadlines_.front().second;
    deadlines_.pop_front();
    const auto it = pending_.find(id);
    if (it == pending_.end()) continue;
    metrics_.unknown.add();
    Settled settled{.how = Settled::How::Unknown};
    if (const auto next = it->second->next.load(std::memory_order_relaxed); next > 0)
      settled.position = position(core::partition_of(it->second->command.stream.slot(), identity_.partitions), next);
    finish(id, std::move(settled));
  }
  if (deadlines_.empty()) {
    watching_ = false;
    return;
  }
  timer_.expires_at(deadlines_.front().first);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) watch_deadlines();
  });
}

std::string Writer::position(std::uint32_t partition, std::uint64_t next) const {
  return codec::Position{identity_.epoch, partition, next}.text();
}

}  // namespace parley::ingest
