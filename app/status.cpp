#include "app/status.hpp"

#include "codec/json_writer.hpp"

namespace parley::app {

namespace asio = boost::asio;

void Status::serve(api::Door& door) {
  door.answer(api::Route::Health, [this](api::Call call) { return health(std::move(call)); });
  door.answer(api::Route::Ready, [this](api::Call call) { return ready(std::move(call)); });
  door.answer(api::Route::Metrics, [this](api::Call call) { return metrics(std::move(call)); });
}

asio::awaitable<net::HttpResponse> Status::health(api::Call) { co_return api::json(200, R"({"status":"ok"})"); }

asio::awaitable<net::HttpResponse> Status::ready(api::Call) {
  bool all = true;
  std::string checks;
  codec::JsonWriter json(checks);
  json.begin_object();
  for (const auto& [name, is_ready] : checks_) {
    const bool ok = is_ready();
    all = all && ok;
    json.key(name).boolean(ok);
  }
  json.end_object();
  std::string body;
  codec::JsonWriter(body).begin_object().key("ready").boolean(all).key("checks").raw(checks).end_object();
  co_return api::json(all ? 200 : 503, std::move(body));
}

asio::awaitable<net::HttpResponse> Status::metrics(api::Call) {
  co_return net::HttpResponse{
      .status = 200, .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, .body = metrics_.text()};
}

void measure(const fold::Pipeline& pipeline, runtime::Metrics& metrics) {
  static constexpr std::pair<core::Code, const char*> kCodes[] = {
      {core::Code::InvalidArgument, "invalid_argument"},
      {core::Code::Forbidden, "forbidden"},
      {core::Code::NotFound, "not_found"},
      {core::Code::Conflict, "conflict"},
      {core::Code::VersionMismatch, "version_mismatch"},
      {core::Code::KeyReused, "key_reused"},
  };
  for (const auto partition : pipeline.partitions()) {
    const auto& progress = pipeline.progress(partition);
    const auto& counts = pipeline.counts(partition);
    const runtime::Labels labels{{"partition", std::to_string(partition)}};
    const auto with = [&](const char* name, const char* value) {
      auto more = labels;
      more.emplace(name, value);
      return more;
    };
    const auto number = [](const std::atomic<std::uint64_t>& value) {
      return [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); };
    };
    metrics.gauge_from("parley_fold_next_offset", "The first record of the partition that is not folded yet", labels,
                       number(progress.next));
    metrics.gauge_from("parley_fold_lag", "Records of the partition that are in the log and not folded yet", labels,
                       [&progress] {
                         const auto next = progress.next.load(std::memory_order_relaxed);
                         const auto end = progress.log_end.load(std::memory_order_relaxed);
                         return static_cast<double>(end > next ? end - next : 0);
                       });
    metrics.counter_from("parley_fold_commands_total", "Commands that the fold decided since the start",
                         with("outcome", "accepted"), number(counts.accepted));
    metrics.counter_from("parley_fold_commands_total", "Commands that the fold decided since the start",
                         with("outcome", "duplicate"), number(counts.duplicates));
    for (const auto& [code, name] : kCodes)
      metrics.counter_from("parley_fold_commands_total", "Commands that the fold decided since the start",
                           with("outcome", name), number(counts.rejected[static_cast<std::size_t>(code)]));
    metrics.counter_from("parley_fold_dead_letters_total", "Records that could not be decoded, since the start", labels,
                         number(counts.dead_letters));
    metrics.counter_from("parley_fold_unopened_total",
                         "Sealed bodies that can't be opened though nobody destroyed their key, since the start", labels,
                         number(counts.unopened));
    metrics.gauge_from("parley_fold_purging", "1 while files of the state may hold words that were erased", labels,
                       [&pipeline, partition] { return pipeline.purging(partition) ? 1.0 : 0.0; });
  }
}

void measure(const keys::KeyTable& keys, runtime::Metrics& metrics) {
  metrics.gauge_from("parley_user_keys", "Keys that users' words are sealed with", {},
                     [&keys] { return static_cast<double>(keys.live()); });
  metrics.gauge_from("parley_users_erasing", "Users whose keys are destroyed while their words are not erased everywhere yet",
                     {}, [&keys] { return static_cast<double>(keys.erasing().size()); });
}

}  // namespace parley::app
