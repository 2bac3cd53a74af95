// The bodies of making an account and of logging in to one. Strict in the same way as client_input.hpp.
//
// Concurrency: pure functions, any thread. Limits: limits.hpp; the caller bounds the body.
#pragma once

#include <string>

#include "codec/client_input.hpp"

namespace parley::codec {

// Who says that he is this user: the e-mail address in lower case.
struct Credentials {
  core::UserId user;
  std::string password;
};
struct AccountRequest {
  Credentials credentials;
  std::string name;
  std::string role;
};

Parsed<AccountRequest> parse_create_account(std::string_view body);
Parsed<Credentials> parse_credentials(std::string_view body);

}  // namespace parley::codec
