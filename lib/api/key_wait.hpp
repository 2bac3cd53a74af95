// Waiting for an issuer's keys: a token may be signed with a key that is newer than what we have fetched.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "auth/key_ring.hpp"

namespace parley::api {

// Asks for a fetch and waits until it has ended, for at most `longest`. Does not wait when none will have begun by then.
boost::asio::awaitable<void> await_fetch(auth::KeyRing* keys, std::chrono::milliseconds longest);

}  // namespace parley::api
