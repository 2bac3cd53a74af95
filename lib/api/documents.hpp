// The documents of the public contract, as the build made them of schemas/public.
//
// Concurrency: constant; any thread.
#pragma once

#include <string_view>

namespace parley::api {

struct Document {
  std::string_view content_type;
  std::string_view etag;  // quoted; of these very bytes
  std::string_view body;
};

const Document& openapi();
const Document& asyncapi();
const Document& docs_page();

}  // namespace parley::api
