#include "query-api/dialects/social_media/reads.hpp"

#include "dialect/social_media/failure.hpp"
#include "query-api/dialects/social_media/social_media.hpp"

namespace parley::query_api::dialects {

const dialect::Dialect& social_media_reads() {
  using namespace social_media;
  using limit::Asks;
  static constexpr dialect::Route kRoutes[] = {
      {"GET", "/api/v1/users/me", get_me, Asks::Read},           {"GET", "/api/v1/users/{id}", get_user, Asks::Read},
      {"GET", "/api/v1/channels/{id}", get_channel, Asks::Read}, {"GET", "/api/v1/chats/{id}", get_chat, Asks::Read},
      {"GET", "/api/v1/chats", list_chats, Asks::Read},          {"GET", "/api/v1/chats-search", search_chats, Asks::Read},
      {"POST", "/api/v1/signed-url", sign_urls, Asks::Read},
  };
  static constexpr dialect::Dialect kReads{.name = "social_media",
                                           .user_claim = "userEmail|email",
                                           .routes = kRoutes,
                                           .token_of = dialect::bearer,
                                           .denied = dialect::social_media::denied};
  return kReads;
}

}  // namespace parley::query_api::dialects
