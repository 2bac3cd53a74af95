#include "ingest/dialects/social_media/writes.hpp"

#include "dialect/social_media/failure.hpp"
#include "ingest/dialects/social_media/social_media.hpp"

namespace parley::ingest::dialects {

const dialect::Dialect& social_media_writes() {
  using namespace social_media;
  static constexpr dialect::Route kRoutes[] = {
      {"POST", "/api/v1/auth/token", create_token, limit::Asks::Command, false},
      {"POST", "/api/v1/users", create_user, limit::Asks::Command, false},
      {"POST", "/api/v1/channels", create_channel},
      {"DELETE", "/api/v1/channels/{id}", delete_channel},
      {"POST", "/api/v1/members", join},
      {"DELETE", "/api/v1/members", leave},
      {"DELETE", "/api/v1/channels/{id}/members/me", leave_this},
      {"POST", "/api/v1/chats", post_chat, limit::Asks::Message},
      {"DELETE", "/api/v1/chats/remove-multiple", remove_chats},
      {"PUT", "/api/v1/chats/retract-multiple", retract_chats},
  };
  static constexpr dialect::Dialect kWrites{.name = "social_media",
                                            .user_claim = "userEmail|email",
                                            .routes = kRoutes,
                                            .token_of = dialect::bearer,
                                            .denied = dialect::social_media::denied};
  return kWrites;
}

}  // namespace parley::ingest::dialects
