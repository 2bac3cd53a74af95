// How the clients of each dialect, and those of the public contract, connect to a channel and post to it: what the fan-out of
// them needs to know, and nothing more.
//
// Concurrency: values and pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "bench/http_client.hpp"

namespace parley::bench {

struct Person {
  std::string id;  // an e-mail address: all of them take that
  std::string token;
};
// Where it is said: a native channel, by the names that they have for it.
struct Place {
  std::string channel;
  std::string number;
  std::string workspace;
  std::string room;
};

struct DialectTalk {
  std::string_view name;
  Place (*prepare)(HttpClient& http, std::span<const Person> people);  // the first of them makes it
  std::string (*path)(const Place& place, const Person& person);
  std::string (*headers)(const Person& person);
  // Sent once the socket is open; the first text that comes then says that it hears. Empty: that comes by itself.
  std::string (*greeting)(const Place& place);
  // A frame; of a dialect that posts by HTTP, the body of POST `posts_to`.
  std::string (*post)(const Place& place, const Person& author, const std::string& text);
  std::string_view posts_to;
  std::string_view refusal;  // a text to the author that has this in it, and no message, is one
};

// null: there is none of that name.
const DialectTalk* dialect_talk(std::string_view name);
std::string dialect_names();

}  // namespace parley::bench
