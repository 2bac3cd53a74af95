// What a text from outside must be like to go into the log: one rule for whoever takes it from a client and for whoever reads
// it back. A rule returns what is wrong, for people; empty: nothing. REQUIRES: valid UTF-8.
#pragma once

#include <string_view>

namespace parley::codec {

using TextRule = std::string_view (*)(std::string_view text);

inline std::string_view any_text(std::string_view) { return {}; }
std::string_view wrong_with_text(std::string_view text);  // of a message
std::string_view wrong_with_name(std::string_view text);  // of a user, workspace or channel
std::string_view wrong_with_room_name(std::string_view text);
std::string_view wrong_with_namespace(std::string_view text);      // of names of the site's
std::string_view wrong_with_role(std::string_view text);           // of an account
std::string_view wrong_with_password_hash(std::string_view text);  // how dear it is to check is for lib/auth to say
std::string_view wrong_with_password(std::string_view text);
std::string_view wrong_with_email(std::string_view text);  // as the user id that it is, once it is in lower case
std::string_view wrong_with_topic(std::string_view text);
std::string_view wrong_with_avatar_url(std::string_view text);
std::string_view wrong_with_key(std::string_view text);  // idempotency key
std::string_view wrong_with_emoji(std::string_view text);
std::string_view wrong_with_reason(std::string_view text);  // of a ban
std::string_view wrong_with_attachments(std::string_view compact_json);
std::string_view wrong_with_metadata(std::string_view compact_json);

}  // namespace parley::codec
