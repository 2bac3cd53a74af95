// The bucket for uploads that the options name.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "app/options.hpp"
#include "query-api/upload_desk.hpp"

namespace parley::app {

// Do they fit together? The error is a sentence.
std::expected<void, std::string> check_uploads(const UploadOptions& u);

// Null without --s3-endpoint. The error is a sentence. REQUIRES: check_uploads().
std::expected<std::unique_ptr<query_api::UploadDesk>, std::string> upload_desk(const Options& options,
                                                                               const runtime::Clock& clock,
                                                                               runtime::Metrics& metrics);

}  // namespace parley::app
