// /openapi.json, /asyncapi.json and /docs: for anybody, and also while the read models can't be reached.
#pragma once

#include "api/door.hpp"

namespace parley::query_api {

void serve_documents(api::Door& door);

}  // namespace parley::query_api
