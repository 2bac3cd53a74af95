// What a broker gives to nothing but librdkafka: the load generator's ingest in a closed loop, without Parley. Every sender
// keeps `window` records on their way, idempotent, acks=all; the records have the key, the value and (unless told otherwise)
// the CloudEvents headers that Parley would write for a post, and go to the partition of their channel. Prints one JSON object.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>

#include "bench/stopwatch.hpp"
#include "bench/traffic.hpp"
#include "eventlog/kafka/handles.hpp"
#include "eventlog/kafka/kafka_log.hpp"

namespace parley::bench {
namespace {

using Clock = std::chrono::steady_clock;
using eventlog::ConfPtr;
using eventlog::ErrorPtr;
using eventlog::EventPtr;
using eventlog::KafkaPtr;
using eventlog::QueuePtr;
using eventlog::TopicPtr;

struct Options {
  std::string brokers;
  std::string topic = "parley.bench";
  std::uint32_t partitions = 4;
  std::size_t senders = 100;
  std::size_t window = 1;
  std::size_t text_bytes = 128;
  double linger_ms = 1;
  bool headers = true;
  double warm_s = 1;
  double seconds = 5;
};

// A place in a sender's window: the same record again and again, each time that it was acked.
struct Flight {
  const eventlog::NewRecord* record;
  Clock::time_point since;
};

std::expected<KafkaPtr, std::string> make_client(const Options& options) {
  ConfPtr conf(rd_kafka_conf_new());
  std::array<char, 256> why{};
  const std::pair<const char*, std::string> properties[] = {{"bootstrap.servers", options.brokers},
                                                            {"enable.idempotence", "true"},
                                                            {"acks", "all"},
                                                            {"linger.ms", std::to_string(options.linger_ms)},
                                                            {"socket.nagle.disable", "true"},
                                                            {"queue.buffering.max.messages", "1000000"}};
  for (const auto& [name, value] : properties)
    if (rd_kafka_conf_set(conf.get(), name, value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK)
      return std::unexpected(why.data());
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  KafkaPtr kafka(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size()));
  if (!kafka) return std::unexpected(why.data());
  (void)conf.release();  // the client has it now
  return kafka;
}

std::vector<eventlog::NewRecord> one_post_of_each_sender(const Options& options) {
  Traffic traffic({.channels = options.senders, .text_bytes = options.text_bytes});
  for (std::size_t i = 0; i < options.senders; ++i) traffic.next();  // the creations
  std::vector<eventlog::NewRecord> records;
  for (std::size_t i = 0; i < options.senders; ++i) records.push_back(record_of(traffic.next(), options.partitions));
  return records;
}

class Loop {
 public:
  Loop(const Options& options, KafkaPtr kafka)
      : options_(options), records_(one_post_of_each_sender(options)), kafka_(std::move(kafka)) {
    topic_.reset(rd_kafka_topic_new(kafka_.get(), options_.topic.c_str(), nullptr));
    events_.reset(rd_kafka_queue_get_main(kafka_.get()));
    for (std::size_t i = 0; i < options_.window; ++i)
      for (const auto& record : records_) flights_.push_back({&record, {}});
  }
  ~Loop() {
    drain();
    events_.reset();
    topic_.reset();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // False: the broker or librdkafka refused one.
  bool run() {
    for (auto& flight : flights_) produce(flight);
    serve_for(options_.warm_s);
    latencies_us_.clear();
    const Stopwatch watch;
    serve_for(options_.seconds);
    lap_ = watch.lap();
    return !failed_ && !latencies_us_.empty();
  }
  void print();

 private:
  void serve_for(double seconds) {
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    while (!failed_ && Clock::now() < end) serve();
  }
  void serve() {
    const EventPtr event(rd_kafka_queue_poll(events_.get(), 100));
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR)
      while (const auto* message = rd_kafka_event_message_next(event.get())) acked(*message);
  }
  // Nothing new goes out; what is on its way comes back, at once if the broker is gone.
  void drain() {
    draining_ = true;
    if (failed_) rd_kafka_purge(kafka_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(kafka_.get()) > 0) serve();
  }
  void acked(const rd_kafka_message_t& message) {
    auto& flight = *static_cast<Flight*>(message._private);
    failed_ = failed_ || message.err != RD_KAFKA_RESP_ERR_NO_ERROR;
    latencies_us_.push_back(std::chrono::duration<float, std::micro>(Clock::now() - flight.since).count());
    if (!draining_) produce(flight);
  }
  void produce(Flight& flight);

  const Options& options_;
  std::vector<eventlog::NewRecord> records_;
  KafkaPtr kafka_;
  TopicPtr topic_;
  QueuePtr events_;
  std::vector<Flight> flights_;
  std::vector<float> latencies_us_;
  Stopwatch::Lap lap_;
  bool failed_ = false;
  bool draining_ = false;
};

void Loop::produce(Flight& flight) {
  const auto& [partition, key, value, event] = *flight.record;
  std::array<rd_kafka_vu_t, 13> arguments{};
  std::size_t count = 0;
  const auto add = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    arguments[count].vtype = type;
    return arguments[count++];
  };
  const auto add_bytes = [&](rd_kafka_vtype_t type, const std::string& bytes) {
    add(type).u.mem = {.ptr = const_cast<char*>(bytes.data()), .size = bytes.size()};
  };
  const auto add_header = [&](const char* name, std::string_view text) {
    add(RD_KAFKA_VTYPE_HEADER).u.header = {.name = name, .val = text.data(), .size = static_cast<ssize_t>(text.size())};
  };
  add(RD_KAFKA_VTYPE_RKT).u.rkt = topic_.get();
  add(RD_KAFKA_VTYPE_PARTITION).u.i32 = static_cast<std::int32_t>(partition);
  add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
  add(RD_KAFKA_VTYPE_OPAQUE).u.ptr = &flight;
  add_bytes(RD_KAFKA_VTYPE_KEY, key);
  add_bytes(RD_KAFKA_VTYPE_VALUE, value);
  if (options_.headers) {
    add_header("ce_specversion", "1.0");
    add_header("ce_id", event.id);
    add_header("ce_source", event.source);
    add_header("ce_type", event.type);
    add_header("ce_time", event.time);
    add_header("ce_subject", event.subject);
    add_header("content-type", "application/protobuf");
  }
  flight.since = Clock::now();
  const ErrorPtr error(rd_kafka_produceva(kafka_.get(), arguments.data(), count));
  failed_ = failed_ || error;
}

void Loop::print() {
  std::ranges::sort(latencies_us_);
  const auto acks = static_cast<double>(latencies_us_.size());
  const auto at = [&](double share) {
    return static_cast<double>(latencies_us_[static_cast<std::size_t>(share * (acks - 1))]);
  };
  std::printf(R"({"senders":%zu,"window":%zu,"partitions":%u,"value_bytes":%zu,"headers":%s,"linger_ms":%g,"seconds":%.2f,)"
              R"("acked":%zu,"acked_per_s":%.0f,"p50_us":%.0f,"p99_us":%.0f,"cores":%.2f,"cpu_s_per_million":%.2f})"
              "\n",
              options_.senders, options_.window, options_.partitions, records_.front().value.size(),
              options_.headers ? "true" : "false", options_.linger_ms, lap_.wall_s, latencies_us_.size(), acks / lap_.wall_s,
              at(0.5), at(0.99), lap_.cpu_s / lap_.wall_s, lap_.cpu_s / acks * 1e6);
}

// By Parley's own adapter, so that the topic is configured as Parley's is.
std::expected<void, std::string> make_topic(const Options& options) {
  const auto made =
      eventlog::open_kafka_log({.brokers = options.brokers, .topic = options.topic, .partitions = options.partitions});
  if (!made) return std::unexpected(made.error());
  return {};
}

std::optional<std::string> run(const Options& options) {
  if (const auto made = make_topic(options); !made) return made.error();
  auto kafka = make_client(options);
  if (!kafka) return kafka.error();
  Loop loop(options, std::move(*kafka));
  if (!loop.run()) return "not every record was acked";
  loop.print();
  return std::nullopt;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  parley::bench::Options options;
  CLI::App app("Produces to Kafka in a closed loop, by librdkafka alone");
  app.add_option("--brokers", options.brokers, "HOST:PORT,…")->required();
  app.add_option("--topic", options.topic, "made when it is not there")->capture_default_str();
  app.add_option("--partitions", options.partitions, "of the topic")->check(CLI::Range(1, 4096))->capture_default_str();
  app.add_option("--senders", options.senders, "each with a channel of its own")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--window", options.window, "records of a sender on their way")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "of a post")->check(CLI::Range(1, 16'384))->capture_default_str();
  app.add_option("--linger-ms", options.linger_ms, "librdkafka's wait for more")->capture_default_str();
  app.add_option("--headers", options.headers, "CloudEvents headers, as Parley writes them: true or false")
      ->capture_default_str();
  app.add_option("--warm-s", options.warm_s, "not measured")->capture_default_str();
  app.add_option("--seconds", options.seconds, "measured")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (const auto problem = parley::bench::run(options)) {
    std::fprintf(stderr, "kafka_produce: %s\n", problem->c_str());
    return 1;
  }
  return 0;
}
