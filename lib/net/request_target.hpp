// What is asked for, in the forms in which a request's first line may say it.
#pragma once

#include "net/http.hpp"

namespace parley::net {

// A target in absolute form (http://HOST/PATH?QUERY) becomes the path and query that everything here takes it for, and its host
// the one Host header (RFC 9112, 3.2.2). Another one is left as it is. False: it is in absolute form and names no host, or a
// user as well.
[[nodiscard]] bool to_origin_form(HttpRequest& request);

}  // namespace parley::net
