// An ingest process: the real one, with its shards turned by hand, and no network but Wires and calls.
//
// Concurrency: one thread. Ownership: the log's producer, the clock and the read models outlive it. Its end is a kill.
#pragma once

#include <functional>

#include "ingest/ingest.hpp"
#include "tests/sim/keyring.hpp"
#include "tests/sim/producer.hpp"
#include "tests/sim/stream.hpp"
#include "tests/sim/wire.hpp"

namespace parley::sim {

class Gateway {
 public:
  using Answered = std::function<void(const net::HttpResponse&)>;
  // What a run has of its own.
  struct Habits {
    std::size_t recent_bytes = 0;  // kept for those who resume
    std::uint64_t max_resume_gap = 0;
  };

  Gateway(Producer& producer, Keyring& keys, ingest::LogIdentity identity, service::ReadModel& reads,
          const runtime::Clock& clock, std::size_t shards, const Habits& habits, Stream::Spy spy);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // A shard does all that it can do now. False: that was nothing.
  bool turn(std::size_t shard) { return shards_[shard].poll() > 0; }
  bool turn_all();
  [[nodiscard]] std::size_t shards() const { return shards_.size(); }
  [[nodiscard]] Stream& stream() { return stream_; }
  [[nodiscard]] Producer& producer() { return producer_; }
  // Takes up erasures that were left half done, once it has seen them twice.
  void look_for_erasures() { ingest_.look_for_erasures(); }

  // What a client does.
  void connect(const std::string& token, std::size_t shard, const std::shared_ptr<Wire>& wire, bool resumes);
  // `answered` is called at most once.
  void request(net::HttpRequest request, std::size_t shard, Answered answered);

  static const auth::VerifierOptions& tokens();

 private:
  runtime::Metrics metrics_;
  auth::Verifier verifier_{tokens()};
  Producer& producer_;
  Keyring& keys_;
  Stream stream_;
  runtime::Shards shards_;
  std::atomic<bool> open_ = true;
  std::vector<std::unique_ptr<api::Door>> doors_;
  ingest::Ingest ingest_;
};

}  // namespace parley::sim
