// The documents say what the code does: its routes, its commands, its codes and its limits, no more and no less. That answers
// and frames are as they say is seen by the system tests.
#include "api/documents.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "api/routes.hpp"
#include "codec/client_frame.hpp"
#include "codec/limits.hpp"
#include "codec/problem.hpp"
#include "codec/upload_input.hpp"
#include "core/mentions.hpp"

namespace parley::api {
namespace {

using nlohmann::json;
using Names = std::set<std::string>;

json parsed(const Document& document) { return json::parse(document.body); }

// Parameters have names of their own in the document.
std::string unnamed(std::string_view pattern) {
  return std::regex_replace(std::string(pattern), std::regex("\\{[a-z_]+\\}"), "{}");
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

TEST(Documents, EachRouteIsInOpenApiAndNothingElseIs) {
  Names served;
  for (const auto& info : routes()) served.insert(std::string(info.method) + " " + unnamed(info.pattern));
  Names documented;
  const auto openapi_json = parsed(openapi());
  for (const auto& [path, item] : openapi_json.at("paths").items())
    for (const auto& [method, operation] : item.items()) documented.insert(upper(method) + " " + unnamed(path));
  EXPECT_EQ(served, documented);
}

TEST(Documents, ARouteNeedsATokenExactlyWhereOpenApiSaysSo) {
  const auto paths = parsed(openapi()).at("paths");
  for (const auto& [path, item] : paths.items())
    for (const auto& [method, operation] : item.items())
      for (const auto& info : routes()) {
        if (info.method != upper(method) || unnamed(info.pattern) != unnamed(path)) continue;
        EXPECT_EQ(info.needs_token, !operation.at("security").empty()) << path;
      }
}

TEST(Documents, EachCommandIsInAsyncApiAndNothingElseIs) {
  Names taken;
  for (const auto type : codec::frame_types()) taken.emplace(type);
  Names documented;
  const auto operations = parsed(asyncapi()).at("operations");
  for (const auto& [name, operation] : operations.items())
    if (operation.at("action") == "receive") documented.insert(name);
  EXPECT_EQ(taken, documented);
}

TEST(Documents, EachErrorCodeIsInBothWithItsStatus) {
  Names codes;
  for (std::size_t i = 0; i < codec::kProblems; ++i) codes.emplace(codec::info(static_cast<codec::Problem>(i)).code);
  for (const auto& document : {parsed(openapi()), parsed(asyncapi())})
    EXPECT_EQ(document.at("components").at("schemas").at("ErrorCode").at("enum").get<Names>(), codes);
  const auto schemas = parsed(openapi()).at("components").at("schemas");
  for (std::size_t i = 0; i < codec::kProblems; ++i) {
    const auto& problem = codec::info(static_cast<codec::Problem>(i));
    const auto schema = schemas.find("Problem" + std::to_string(problem.status));
    if (problem.status == 405) continue;  // of paths, not of operations
    ASSERT_NE(schema, schemas.end()) << problem.code;
    EXPECT_TRUE(schema->at("properties").at("code").at("enum").get<Names>().contains(std::string(problem.code)));
  }
}

TEST(Documents, EachErrorSaysWhetherToTryAgainAsTheCodeDoes) {
  const auto page = std::string(docs_page().body);
  for (std::size_t i = 0; i < codec::kProblems; ++i) {
    const auto& problem = codec::info(static_cast<codec::Problem>(i));
    const auto row = page.find("<tr><td><code>" + std::string(problem.code) + "</code></td>");
    ASSERT_NE(row, std::string::npos) << problem.code;
    EXPECT_EQ(page.substr(row, page.find("</tr>", row) - row).ends_with("<td>yes</td>"), problem.retryable) << problem.code;
  }
}

TEST(Documents, EachCloseCodeIsToldOf) {
  const auto told = parsed(asyncapi()).at("channels").at("socket").at("description").get<std::string>();
  for (const auto code : codec::kCloseCodes)
    EXPECT_NE(told.find("- " + std::to_string(static_cast<int>(code)) + ":"), std::string::npos) << static_cast<int>(code);
  EXPECT_EQ(std::ranges::count(told, '\n') - 1, static_cast<std::ptrdiff_t>(std::size(codec::kCloseCodes)));
}

TEST(Documents, LimitsAreThoseOfTheCodec) {
  for (const auto& document : {parsed(openapi()), parsed(asyncapi())}) {
    const auto schemas = document.at("components").at("schemas");
    EXPECT_EQ(schemas.at("Text").at("maxLength"), codec::kMaxTextBytes);
    EXPECT_EQ(schemas.at("Name").at("maxLength"), codec::kMaxNameCharacters);
    EXPECT_EQ(schemas.at("RoomName").at("maxLength"), codec::kMaxRoomNameCharacters);
    EXPECT_EQ(schemas.at("Topic").at("maxLength"), codec::kMaxTopicCharacters);
    EXPECT_EQ(schemas.at("AvatarUrl").at("maxLength"), codec::kMaxAvatarUrlBytes);
    EXPECT_EQ(schemas.at("Namespace").at("maxLength"), codec::kMaxNamespaceCharacters);
    EXPECT_EQ(schemas.at("Key").at("maxLength"), codec::kMaxKeyCharacters);
    EXPECT_EQ(schemas.at("Emoji").at("maxLength"), codec::kMaxEmojiBytes);
    EXPECT_EQ(schemas.at("Reason").at("maxLength"), codec::kMaxReasonCharacters);
    EXPECT_EQ(schemas.at("Message").at("properties").at("mentions").at("maxItems"), core::kMaxMentions);
    EXPECT_EQ(schemas.at("Attachments").at("maxItems"), codec::kMaxAttachments);
    EXPECT_EQ(schemas.at("UserId").at("maxLength"), core::UserId::kMaxCharacters);
    EXPECT_EQ(schemas.at("Seq").at("maximum"), codec::kMaxNumber);
  }
  const auto group = parsed(openapi()).at("components").at("schemas").at("CreateChannel").at("oneOf").at(1);
  EXPECT_EQ(group.at("properties").at("members").at("maxItems"), codec::kMaxMembers);
  const auto upload = parsed(openapi()).at("components").at("schemas").at("CreateUpload").at("oneOf").at(0);
  EXPECT_EQ(upload.at("properties").at("name").at("maxLength"), codec::kMaxUploadNameBytes);
  const auto account = parsed(openapi()).at("components").at("schemas").at("CreateAccount").at("properties");
  EXPECT_EQ(account.at("password").at("maxLength"), codec::kMaxPasswordBytes);
  EXPECT_EQ(account.at("role").at("maxLength"), codec::kMaxRoleCharacters);
  EXPECT_EQ(account.at("email").at("maxLength"), core::UserId::kMaxCharacters);
  const auto watch = parsed(asyncapi()).at("components").at("messages").at("watch_presence").at("payload").at("properties");
  EXPECT_EQ(watch.at("users").at("maxItems"), codec::kMaxWatchedUsers);
  const auto limit =
      parsed(asyncapi()).at("components").at("messages").at("get_history").at("payload").at("properties").at("limit");
  EXPECT_EQ(limit.at("maximum"), codec::kMaxPage);
  EXPECT_EQ(limit.at("default"), codec::kDefaultPage);
}

TEST(Documents, EveryBodyIsClosed) {
  const auto document = parsed(openapi());
  const auto& schemas = document.at("components").at("schemas");
  const auto& paths = document.at("paths");
  for (const auto& [path, item] : paths.items())
    for (const auto& [method, operation] : item.items()) {
      if (!operation.contains("requestBody")) continue;
      const auto ref =
          operation.at("requestBody").at("content").at("application/json").at("schema").at("$ref").get<std::string>();
      const auto& schema = schemas.at(ref.substr(ref.rfind('/') + 1));
      for (const auto& form : schema.contains("oneOf") ? schema.at("oneOf") : json::array({schema}))
        EXPECT_EQ(form.at("additionalProperties"), false) << ref;
    }
}

TEST(Documents, ThePageNeedsNothingFromElsewhere) {
  const std::string page(docs_page().body);
  for (const auto* tag : {"<script", "<link", "<img", "<iframe", "@import", "url("})
    EXPECT_EQ(page.find(tag), std::string::npos) << tag;
}

TEST(Documents, HaveTagsOfTheirOwn) {
  EXPECT_THAT(std::string(openapi().etag), ::testing::MatchesRegex("\"[0-9a-f]+\""));
  EXPECT_EQ((Names{std::string(openapi().etag), std::string(asyncapi().etag), std::string(docs_page().etag)}).size(), 3U);
}

}  // namespace
}  // namespace parley::api
