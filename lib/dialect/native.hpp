// The public contract, called from inside as one user: what a dialect's calls are made of. No rule is passed by.
//
// Operation: each call goes through the door's own routes. What was written through it is seen by what is read through it
// afterwards (Parley-Min-Position). Concurrency: the door's shard. Ownership: the door outlives it. Errors: are answers, as the
// contract has them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <initializer_list>
#include <map>

#include "api/door.hpp"
#include "codec/position.hpp"
#include "dialect/json.hpp"

namespace parley::dialect {

class Native {
 public:
  struct Reply {
    unsigned status = 0;
    Json body;  // null: none
    bool replayed = false;
    std::string retry_after;  // seconds; empty: nothing is said
    [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
    // A write that is in the log, but whose outcome did not come in time.
    [[nodiscard]] bool is_unknown() const { return status == 202; }
    [[nodiscard]] std::string code() const { return text_in(body, "code"); }
    [[nodiscard]] std::string detail() const { return text_in(body, "detail"); }
  };
  using Asked = boost::asio::awaitable<Reply>;

  Native(api::Door& door, auth::Identity who, runtime::TraceContext trace)
      : door_(&door), who_(std::move(who)), trace_(std::move(trace)) {}
  // The same conversation as somebody else: only where the dialect's rules say that he has agreed.
  [[nodiscard]] Native as(core::UserId user) const;
  [[nodiscard]] Native as_operator() const;
  // What is counted by address is counted as this request's.
  void comes_from(const net::HttpRequest& request);
  // As a part of another trace.
  [[nodiscard]] Native in(runtime::TraceContext trace) const;

  Asked get(std::string target) { return call("GET", std::move(target), {}, {}); }
  Asked post(std::string target, const Json& body, std::string key = {}) {
    return call("POST", std::move(target), text_of(body), std::move(key));
  }
  Asked put(std::string target, const Json& body = nullptr, std::string key = {}) {
    return call("PUT", std::move(target), body.is_null() ? std::string{} : text_of(body), std::move(key));
  }
  Asked patch(std::string target, const Json& body) { return call("PATCH", std::move(target), text_of(body), {}); }
  // Waits until what was written through it can be read at `target`.
  boost::asio::awaitable<void> settle(std::string target);
  Asked remove(std::string target) { return call("DELETE", std::move(target), {}, {}); }

  // He knows of what is there: whatever is read from now on has it.
  void saw(const codec::Position& position);

  [[nodiscard]] const core::UserId& user() const { return who_.user; }
  [[nodiscard]] const auth::Identity& who() const { return who_; }

 private:
  Asked call(std::string method, std::string target, std::string body, std::string key);
  boost::asio::awaitable<net::HttpResponse> send(std::string method, std::string target, std::string body, std::string key);
  void remember(const net::HttpResponse& response);

  api::Door* door_;
  auth::Identity who_;
  runtime::TraceContext trace_;
  std::map<std::uint32_t, codec::Position> seen_;  // by partition
  std::string remote_;
  net::Headers forwarded_;
};

// A path of which each `{}` is a segment, percent-encoded: path_of("/v1/channels/{}/members/{}", {channel, user}).
std::string path_of(std::string_view pattern, std::initializer_list<std::string_view> segments);
// For behind a '?'.
std::string query_part(std::string_view text);

}  // namespace parley::dialect
