// Erasing a user: his keys are destroyed, then every partition is told to drop his words, then that is noted. What was begun is
// finished, by this process or whichever looks next, however often any of them dies in between.
//
// Operation: all of it runs on one shard. Once in a while it looks for erasures that nobody seems to be finishing. Doing one
// twice does no harm. Concurrency: serve() before the shards run, the handlers on any shard. Ownership: the keys must be closed
// before this ends; writer and shard are the first shard's.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <set>

#include "api/door.hpp"
#include "ingest/writer.hpp"
#include "keys/key_store.hpp"

namespace parley::ingest {

class Erasures {
 public:
  Erasures(boost::asio::io_context& shard, Writer& writer, keys::KeyStore& keys, LogIdentity identity,
           runtime::Metrics& metrics, std::chrono::milliseconds look_every = std::chrono::seconds(2));
  // The door lets nobody but operators in at /v1/admin/….
  void serve(api::Door& door);
  // Begins to look for what was left half done.
  void start();

 private:
  struct Done {
    keys::Told keys = keys::Told::Refused;  // whether they are destroyed
    bool everywhere = false;                // every partition has decided
    std::string positions;
    core::Command command;  // one that was not decided, or any
  };
  using Response = boost::asio::awaitable<net::HttpResponse>;
  Response erase_me(api::Call call);
  Response erase_user(api::Call call);
  Response erase(core::UserId user, api::Call call);
  // With his keys, if he has any or was never erased; else there is nothing to destroy.
  boost::asio::awaitable<Done> run(core::UserId user, core::UserId actor, std::string traceparent);
  [[nodiscard]] bool is_bare(const core::UserId& user) const;
  boost::asio::awaitable<Done> tell_partitions(core::UserId user, core::UserId actor, std::string traceparent,
                                               std::uint64_t below);
  boost::asio::awaitable<keys::Told> ask_keys(std::function<void(keys::KeyStore::Done)> what);
  void look();

  boost::asio::io_context& shard_;
  Writer& writer_;
  keys::KeyStore& keys_;
  LogIdentity identity_;
  runtime::Counter& finished_;
  std::chrono::milliseconds look_every_;
  boost::asio::steady_timer timer_;
  std::map<core::UserId, int> busy_;  // runs of this process
  std::set<core::UserId> left_;       // half done when last looked, and nobody of this process at it
};

}  // namespace parley::ingest
