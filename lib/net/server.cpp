#include "net/server.hpp"

#include <boost/asio/post.hpp>
#include <cstdlib>
#include <utility>

#include "net/listener.hpp"
#include "net/server_shard.hpp"

namespace parley::net {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kAbortTime{1000};  // for connections to notice that they were cut off

using Shards = std::vector<std::shared_ptr<ServerShard>>;
using Visit = void (*)(OpenConnection&);

// On the shard's thread. A visit may end other connections only later, in a turn of their own.
void for_each_connection(ServerShard& shard, Visit visit) {
  for (OpenConnection& connection : shard.connections) visit(connection);
}

void for_all(const Shards& shards, void (*action)(ServerShard&)) {
  for (const auto& shard : shards) {
    asio::post(shard->context, [shard, action] { action(*shard); });
  }
}

void stop_connections(ServerShard& shard) {
  shard.stopping = true;
  for_each_connection(shard, [](OpenConnection& connection) { connection.stop(); });
}

void abort_connections(ServerShard& shard) {
  for_each_connection(shard, [](OpenConnection& connection) { connection.abort(); });
}

class BeastServer final : public Server {
 public:
  BeastServer(Shards shards, std::shared_ptr<ConnectionCount> count, std::shared_ptr<Listener> listener)
      : shards_(std::move(shards)), count_(std::move(count)), listener_(std::move(listener)) {
    for_all(shards_, [](ServerShard& shard) { shard.wheel.start(shard.shared_from_this()); });
    listener_->start();
  }
  ~BeastServer() override { stop(std::chrono::milliseconds(0)); }
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;

  [[nodiscard]] std::string address() const override { return address_; }
  [[nodiscard]] std::size_t connections() const override { return count_->value(); }
  [[nodiscard]] Outbox& outbox(std::size_t shard) override { return *shards_[shard]->outbox; }

  void stop(std::chrono::milliseconds deadline) override {
    if (std::exchange(stopped_, true)) return;
    listener_->stop();
    for_all(shards_, stop_connections);
    if (!count_->wait_until_none(deadline)) {
      for_all(shards_, abort_connections);
      count_->wait_until_none(kAbortTime);
    }
    for_all(shards_, [](ServerShard& shard) { shard.wheel.stop(); });
  }

 private:
  const Shards shards_;
  const std::shared_ptr<ConnectionCount> count_;
  const std::shared_ptr<Listener> listener_;
  const std::string address_ = listener_->address();
  bool stopped_ = false;
};

}  // namespace

bool ConnectionCount::wait_until_none(std::chrono::milliseconds timeout) {
  awaited_.store(true);
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (count_.load() > 0) {
    if (!none_left_.try_acquire_until(until)) return count_.load() == 0;
  }
  return true;
}

std::expected<std::unique_ptr<Server>, std::string> Server::start(runtime::Shards& shards, const std::string& listen,
                                                                  const ServerLimits& limits, std::vector<Handler*> handlers) {
  if (handlers.size() != shards.size()) std::abort();
  auto count = std::make_shared<ConnectionCount>();
  Shards parts;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    parts.push_back(std::make_shared<ServerShard>(shards[i], *handlers[i], limits));
  }
  auto listener = Listener::bind(parts, count, listen);
  if (!listener) return std::unexpected(std::move(listener.error()));
  return std::make_unique<BeastServer>(std::move(parts), std::move(count), std::move(*listener));
}

}  // namespace parley::net
