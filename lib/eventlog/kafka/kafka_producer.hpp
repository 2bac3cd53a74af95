// The appending half of the Kafka log: hands records to librdkafka and, on its one thread, calls the completions as delivery
// reports come in.
//
// Operation: after an error that an idempotent producer can't survive, the client is made anew; what the old one held gets its
// outcome first. While no broker is there, it asks for one once a second, and so notices one that is back without traffic too.
// Concurrency: any thread. Limits: what was handed over and not reported is bounded in bytes.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "eventlog/kafka/client.hpp"
#include "eventlog/kafka/group_progress.hpp"

namespace parley::eventlog {

class KafkaProducer {
 public:
  // `client` is one of make_producer(options); the options must outlive this.
  KafkaProducer(KafkaPtr client, const KafkaOptions& options);
  ~KafkaProducer();
  KafkaProducer(const KafkaProducer&) = delete;
  KafkaProducer& operator=(const KafkaProducer&) = delete;

  void append(std::vector<AppendRequest> requests);
  [[nodiscard]] bool healthy() const { return healthy_; }
  void report_progress(Partition partition, Offset next) { progress_.report(partition, next); }
  void close(std::chrono::milliseconds deadline);
  // The client of now, for questions to the cluster.
  [[nodiscard]] std::shared_ptr<rd_kafka_t> client() const;

 private:
  using Clock = std::chrono::steady_clock;

  void adopt(KafkaPtr client);
  std::optional<AppendError> hand_over(NewRecord& record, Appended& done);
  // All below: the thread's.
  void run();
  void serve(rd_kafka_event_t* event);
  void serve_refusals();
  void report(const rd_kafka_message_t& message);
  [[nodiscard]] bool finished() const;
  void start_anew();
  void do_chores();
  void ask_for_broker();

  const KafkaOptions& options_;
  mutable std::mutex mutex_;  // over what appenders and the thread share, down to closed_
  std::shared_ptr<rd_kafka_t> client_;
  TopicPtr topic_;
  QueuePtr events_;
  std::vector<Refusal> refusals_;
  bool between_clients_ = false;
  bool closed_ = false;

  GroupProgress progress_;
  std::atomic<std::size_t> pending_bytes_ = 0;
  std::atomic<bool> healthy_ = true;
  std::atomic<bool> stopping_ = false;
  bool broken_ = false;  // the client, beyond repair
  bool asking_ = false;
  Clock::time_point next_chores_;
  std::thread thread_;
};

}  // namespace parley::eventlog
