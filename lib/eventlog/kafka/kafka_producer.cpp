#include "eventlog/kafka/kafka_producer.hpp"

#include <pthread.h>

#include <array>

namespace parley::eventlog {
namespace {

constexpr std::chrono::milliseconds kServeAtLeastEvery{200};
constexpr std::chrono::milliseconds kChoresEvery{1000};

// A record on its way to the broker: what its delivery report finds again.
struct Pending {
  Appended done;
  std::size_t bytes;
};

// The arguments of one produce call; they point into what they were made from.
class Message {
 public:
  Message(rd_kafka_topic_t* topic, const NewRecord& record, Pending* pending) {
    add(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
    add(RD_KAFKA_VTYPE_PARTITION).u.i32 = static_cast<std::int32_t>(record.partition);
    add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
    add(RD_KAFKA_VTYPE_OPAQUE).u.ptr = pending;
    add_bytes(RD_KAFKA_VTYPE_VALUE, record.value);
    if (!record.key.empty()) add_bytes(RD_KAFKA_VTYPE_KEY, record.key);
    add_header("ce_specversion", "1.0");
    add_header("ce_id", record.event.id);
    add_header("ce_source", record.event.source);
    add_header("ce_type", record.event.type);
    add_header("ce_time", record.event.time);
    add_header("ce_subject", record.event.subject);
    add_header("content-type", "application/protobuf");
    add_header("traceparent", record.event.traceparent);
  }
  ErrorPtr produce(rd_kafka_t* kafka) const { return ErrorPtr(rd_kafka_produceva(kafka, arguments_.data(), count_)); }

 private:
  rd_kafka_vu_t& add(rd_kafka_vtype_t type) {
    auto& argument = arguments_[count_++];
    argument.vtype = type;
    return argument;
  }
  void add_bytes(rd_kafka_vtype_t type, const std::string& bytes) {
    add(type).u.mem = {.ptr = const_cast<char*>(bytes.data()), .size = bytes.size()};
  }
  void add_header(const char* name, std::string_view value) {
    if (value.empty()) return;
    add(RD_KAFKA_VTYPE_HEADER).u.header = {.name = name, .val = value.data(), .size = static_cast<ssize_t>(value.size())};
  }

  std::array<rd_kafka_vu_t, 14> arguments_;
  std::size_t count_ = 0;
};

std::expected<Offset, AppendError> outcome_of(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return std::unexpected(AppendError::TooLarge);
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR && message.offset >= 0) return static_cast<Offset>(message.offset);
  // A success without an offset is a retry of a message that the broker has, and no longer knows where.
  const bool not_written = rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
  return std::unexpected(not_written ? AppendError::Unavailable : AppendError::Unknown);
}

AppendError error_of_handing_over(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
      return AppendError::Overloaded;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return AppendError::TooLarge;
    default:
      return AppendError::Unavailable;
  }
}

}  // namespace

KafkaProducer::KafkaProducer(KafkaPtr client, const KafkaOptions& options) : options_(options), progress_(options) {
  adopt(std::move(client));
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "log-producer");
}

KafkaProducer::~KafkaProducer() {
  close(std::chrono::milliseconds::zero());
  stopping_ = true;
  thread_.join();
  events_.reset();
  topic_.reset();
}

void KafkaProducer::adopt(KafkaPtr client) {
  const std::lock_guard lock(mutex_);
  events_.reset();
  topic_.reset();
  client_ = std::move(client);
  topic_.reset(rd_kafka_topic_new(client_.get(), options_.topic.c_str(), nullptr));
  events_.reset(rd_kafka_queue_get_main(client_.get()));
  between_clients_ = false;
}

std::shared_ptr<rd_kafka_t> KafkaProducer::client() const {
  const std::lock_guard lock(mutex_);
  return client_;
}

void KafkaProducer::append(std::vector<AppendRequest> requests) {
  const std::lock_guard lock(mutex_);
  std::optional<AppendError> full;  // then those behind are refused too: none must overtake another
  for (auto& [record, done] : requests) {
    auto error = full ? full : hand_over(record, done);
    if (!error) continue;
    if (error == AppendError::Overloaded) full = error;
    refusals_.emplace_back(std::move(done), *error);
  }
  if (!refusals_.empty()) rd_kafka_queue_yield(events_.get());
}

std::optional<AppendError> KafkaProducer::hand_over(NewRecord& record, Appended& done) {
  const auto bytes = record_bytes(record);
  if (bytes > kMaxRecordBytes) return AppendError::TooLarge;
  if (closed_ || between_clients_) return AppendError::Unavailable;
  if (pending_bytes_ + bytes > options_.max_queued_bytes) return AppendError::Overloaded;
  auto pending = std::make_unique<Pending>(std::move(done), bytes);
  const auto error = Message(topic_.get(), record, pending.get()).produce(client_.get());
  if (error) {
    done = std::move(pending->done);
    return error_of_handing_over(rd_kafka_error_code(error.get()));
  }
  pending_bytes_ += bytes;
  (void)pending.release();  // the delivery report has it
  return std::nullopt;
}

void KafkaProducer::close(std::chrono::milliseconds deadline) {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  const auto kafka = client();
  if (rd_kafka_flush(kafka.get(), static_cast<int>(deadline.count())) == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  rd_kafka_purge(kafka.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

void KafkaProducer::run() {
  while (!finished()) {
    const EventPtr event(rd_kafka_queue_poll(events_.get(), static_cast<int>(kServeAtLeastEvery.count())));
    if (event) serve(event.get());
    serve_refusals();
    if (broken_) start_anew();
    if (Clock::now() >= next_chores_) do_chores();
  }
}

bool KafkaProducer::finished() const {
  if (!stopping_ || rd_kafka_outq_len(client_.get()) > 0) return false;
  const std::lock_guard lock(mutex_);
  return refusals_.empty();
}

void KafkaProducer::serve(rd_kafka_event_t* event) {
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_DR:
      while (const auto* message = rd_kafka_event_message_next(event)) report(*message);
      break;
    case RD_KAFKA_EVENT_ERROR:
      healthy_ = healthy_ && rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
      broken_ = broken_ || rd_kafka_event_error_is_fatal(event) != 0;
      break;
    case RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT:
      asking_ = false;
      // An error of the broker's is an answer too; librdkafka's own are below zero.
      if (rd_kafka_event_error(event) >= 0) healthy_ = true;
      break;
    default:
      break;
  }
}

void KafkaProducer::report(const rd_kafka_message_t& message) {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(message._private));
  const auto outcome = outcome_of(message);
  pending_bytes_ -= pending->bytes;
  if (outcome || outcome.error() != AppendError::TooLarge) healthy_ = outcome.has_value();
  pending->done(outcome);
}

void KafkaProducer::serve_refusals() {
  std::vector<Refusal> refusals;
  {
    const std::lock_guard lock(mutex_);
    refusals.swap(refusals_);
  }
  for (auto& refusal : refusals) refusal.done(std::unexpected(refusal.error));
}

void KafkaProducer::start_anew() {
  healthy_ = false;
  {
    const std::lock_guard lock(mutex_);
    between_clients_ = true;
  }
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(client_.get()) > 0) {
    const EventPtr event(rd_kafka_queue_poll(events_.get(), static_cast<int>(kServeAtLeastEvery.count())));
    if (event) serve(event.get());
  }
  auto client = make_producer(options_);
  if (!client) return;  // out of threads or memory: the next round tries again
  adopt(std::move(*client));
  broken_ = false;
  asking_ = false;
}

void KafkaProducer::do_chores() {
  next_chores_ = Clock::now() + kChoresEvery;
  progress_.send(client_.get(), events_.get());
  if (!healthy_ && !asking_) ask_for_broker();
}

void KafkaProducer::ask_for_broker() {
  const AdminOptionsPtr options(rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  std::array<char, 256> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(kChoresEvery.count()), why.data(), why.size());
  const ConfigResourcePtr resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, options_.topic.c_str()));
  auto* resources = resource.get();
  asking_ = true;
  rd_kafka_DescribeConfigs(client_.get(), &resources, 1, options.get(), events_.get());
}

}  // namespace parley::eventlog
