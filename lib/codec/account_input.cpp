#include "codec/account_input.hpp"

#include <algorithm>

#include "codec/client_fields.hpp"

namespace parley::codec {
namespace {

constexpr std::string_view kPlainRole = "NORMAL";

char in_lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Credentials take_credentials(ClientFields& fields) {
  auto email = fields.text("email", wrong_with_email);
  std::ranges::transform(email, email.begin(), in_lower_case);
  return {{std::move(email)}, fields.text("password", wrong_with_password)};
}

}  // namespace

Parsed<AccountRequest> parse_create_account(std::string_view body) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  AccountRequest request{.credentials = take_credentials(*fields), .name = fields->text("name", wrong_with_name)};
  request.role = fields->optional_text("role", wrong_with_role).value_or(std::string(kPlainRole));
  return fields->finish(std::move(request));
}

Parsed<Credentials> parse_credentials(std::string_view body) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  auto credentials = take_credentials(*fields);
  return fields->finish(std::move(credentials));
}

}  // namespace parley::codec
