#include "ingest/erasures.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/request_input.hpp"
#include "codec/http_answer.hpp"
#include "runtime/log.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using codec::Problem;

namespace {

// What the partitions answered, until all have.
using AllAnswers = std::vector<std::pair<core::Command, Settled>>;
struct Answers {
  std::size_t left = 0;
  AllAnswers all;
  std::function<void(AllAnswers)> whole;  // told then
};

}  // namespace

Erasures::Erasures(asio::io_context& shard, Writer& writer, keys::KeyStore& keys, LogIdentity identity,
                   runtime::Metrics& metrics, std::chrono::milliseconds look_every)
    : shard_(shard),
      writer_(writer),
      keys_(keys),
      identity_(identity),
      finished_(metrics.counter("parley_erasures_total", "Erasures of users that every partition has carried out")),
      look_every_(look_every),
      timer_(shard) {}

void Erasures::serve(api::Door& door) {
  door.answer(api::Route::DeleteMe, [this](api::Call call) { return erase_me(std::move(call)); });
  door.answer(api::Route::EraseUser, [this](api::Call call) { return erase_user(std::move(call)); });
}

Erasures::Response Erasures::erase_me(api::Call call) {
  auto user = call.caller.user;
  return erase(std::move(user), std::move(call));
}

Erasures::Response Erasures::erase_user(api::Call call) {
  auto user = core::UserId::parse(call.params[0]);
  if (!user) co_return api::problem(Problem::NotFound, "there is no such thing, or you may not see it", call.trace_id());
  co_return co_await erase(std::move(*user), std::move(call));
}

Erasures::Response Erasures::erase(core::UserId user, api::Call call) {
  if (const auto key = api::key_of(call.request); !key) co_return api::problem(key.error(), call.trace_id());
  if (const auto none = api::no_query(call.request); !none) co_return api::problem(none.error(), call.trace_id());
  if (const auto none = codec::parse_no_body(call.request.body); !none) co_return api::problem(none.error(), call.trace_id());
  auto done = co_await asio::co_spawn(shard_, run(user, call.caller.user, call.trace.traceparent()), asio::use_awaitable);
  if (done.keys == keys::Told::Refused)
    co_return api::problem(Problem::LogUnavailable, "the keys can't be destroyed now; nothing was erased", call.trace_id());
  if (!done.everywhere) {  // look() goes on once the keys are destroyed
    auto answer = codec::outcome_unknown_answer(done.command, done.positions);
    co_return net::HttpResponse{.status = answer.status,
                                .headers = {{"Content-Type", std::string(codec::kProblemContentType)}},
                                .body = std::move(answer.body)};
  }
  co_return net::HttpResponse{.status = 204, .headers = {{"Parley-Position", std::move(done.positions)}}, .body = {}};
}

asio::awaitable<Erasures::Done> Erasures::run(core::UserId user, core::UserId actor, std::string traceparent) {
  ++busy_[user];
  Done done;
  // Another process may have made him a key of which this one has not heard. Once it has heard what it says itself, it has.
  bool bare = is_bare(user);
  if (bare) {
    const auto below = keys_.table().destroyed_below(user);
    done.keys = co_await ask_keys([&](keys::KeyStore::Done told) { keys_.finish(user, below, std::move(told)); });
    bare = is_bare(user);
  }
  if (!bare) done.keys = co_await ask_keys([&](keys::KeyStore::Done told) { keys_.destroy(user, std::move(told)); });
  if (done.keys == keys::Told::Unknown)  // what there is to tell of: a command that was not sent yet
    done.command = writer_.command(actor, {}, core::EraseUser{user, 0, core::first_slot(0, identity_.partitions)}, traceparent);
  if (done.keys == keys::Told::Done) {
    const auto below = keys_.table().destroyed_below(user);
    done = co_await tell_partitions(user, actor, traceparent, below);
    if (!bare && done.everywhere &&
        co_await ask_keys([&](keys::KeyStore::Done told) { keys_.finish(user, below, std::move(told)); }) == keys::Told::Done)
      finished_.add();
  }
  if (--busy_[user] == 0) busy_.erase(user);
  co_return done;
}

// He was erased, and has written nothing since: what remains is to say so, which costs the folds nothing.
bool Erasures::is_bare(const core::UserId& user) const {
  const auto& table = keys_.table();
  return table.destroyed_below(user) > 0 && !table.is_erasing(user) && !table.current(user);
}

asio::awaitable<Erasures::Done> Erasures::tell_partitions(core::UserId user, core::UserId actor, std::string traceparent,
                                                          std::uint64_t below) {
  auto answers = std::make_shared<Answers>(identity_.partitions);
  for (std::uint32_t partition = 0; partition < identity_.partitions; ++partition) {
    const core::EraseUser erase{user, below, core::first_slot(partition, identity_.partitions)};
    writer_.submit(writer_.command(actor, {}, erase, traceparent), [answers](const core::Command& sent, const Settled& how) {
      answers->all.emplace_back(sent, how);
      if (--answers->left == 0) std::exchange(answers->whole, nullptr)(std::move(answers->all));
    });
  }
  // Whoever answers holds what is waited for, and this does not: it ends with them if nobody answers any more.
  const auto all = co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(AllAnswers)>(
      [held = std::move(answers)](auto handler) mutable {
        const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        std::exchange(held, nullptr)->whole = [shared](AllAnswers given) { (*shared)(std::move(given)); };
      },
      asio::use_awaitable);
  Done done{.keys = keys::Told::Done, .everywhere = true, .positions = {}, .command = all.front().first};
  for (const auto& [sent, how] : all) {
    if (!how.position.empty()) done.positions += (done.positions.empty() ? "" : ",") + how.position;
    if (how.how == Settled::How::Decided) continue;
    done.everywhere = false;
    done.command = sent;
  }
  co_return done;
}

asio::awaitable<keys::Told> Erasures::ask_keys(std::function<void(keys::KeyStore::Done)> what) {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(keys::Told)>(
      [this, &what](auto handler) {
        const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        what([this, shared](keys::Told told) { asio::post(shard_, [shared, told] { (*shared)(told); }); });
      },
      asio::use_awaitable);
}

void Erasures::start() {
  asio::post(shard_, [this] { look(); });
}

// What was half done already when last looked: whoever began it is gone, or could not.
void Erasures::look() {
  std::set<core::UserId> left;
  for (auto& user : keys_.table().erasing()) {
    if (busy_.contains(user)) continue;
    if (!left_.contains(user)) {
      left.insert(std::move(user));
      continue;
    }
    spdlog::info("finishing the erasure of {}", user.text);
    asio::co_spawn(shard_, run(user, user, {}), asio::detached);
  }
  left_ = std::move(left);
  timer_.expires_after(look_every_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) look();
  });
}

}  // namespace parley::ingest
