// Bodies of HTTP writes: every parser gets the same bytes. Whatever one accepts can be written to the log and read back.
#include "codec/account_input.hpp"
#include "codec/client_input.hpp"
#include "codec/command_codec.hpp"
#include "codec/json_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace parley::fuzz {
namespace {

using namespace codec;

const core::UserId kAda{"ada"};
const Author kAuthor{kAda, "k"};
const core::ChannelId kChannel = core::group_id(kAda, "g");
const core::WorkspaceId kWorkspace = core::workspace_id(kAda, "w");

void see(const Parsed<core::Payload>& parsed) {
  if (!parsed) {
    const auto& wrong = parsed.error();
    const auto body = problem_json({.problem = wrong.code, .detail = wrong.detail, .trace_id = "t", .errors = wrong.errors});
    must_hold(read_json_object(body).has_value(), "a problem is JSON");
    return;
  }
  core::Command command{.user = kAda, .payload = *parsed};
  command.stream = stream_for(command.payload, command.user);
  command.id = core::command_id(command.stream.slot(), command.received_at, 0);
  const auto decoded = decode_command(encode(command));
  must_hold(decoded.has_value(), "what a body says can be read from the log");
  must_hold(*decoded == command, "and is the same there");
}

}  // namespace

std::vector<std::string> seeds() {
  const auto workspace = R"("workspace_id":")" + kWorkspace.text() + "\"";
  return {R"({"name":"Ada","avatar_url":"https://example.org/a.png"})",
          R"({"role":"admin"})",
          R"({"kind":"public",)" + workspace + R"(,"name":"general","topic":"t","members":["bob","eve"]})",
          R"({"kind":"group","name":"us","members":["bob"],"metadata":{"a":[1.50,"\u00e4"]}})",
          R"({"kind":"group","open":true,"name":"us"})",
          R"({"name":"x","topic":"","archived":true,"metadata":{}})",
          R"({"text":"hi","reply_to":1,"attachments":[{},{"u":"\u00e4"}],"metadata":{"a":{"b":[null,true,-1.5e3]}}})",
          R"({"seq":7})",
          R"({"reason":"spam","until":"2030-01-01T00:00:00Z"})",
          R"({"user_id":"ada","name":"Ada","expires_in":60})",
          R"({"email":"Ada.L+x@Example.org","password":"correct horse","name":"Ada","role":"NORMAL"})",
          R"({"email":"a@b","password":"12345678"})",
          "\"12\"",
          "*",
          ""};
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using namespace parley::fuzz;
  const auto text = view(data, size);
  see(codec::parse_set_profile(text));
  see(codec::parse_create_workspace(text, kAuthor));
  see(codec::parse_update_workspace(text, kWorkspace, core::Version{1}));
  see(codec::parse_set_workspace_member(text, kWorkspace, kAda));
  see(codec::parse_create_channel(text, kAuthor));
  see(codec::parse_open_direct(text, kAda, kAda));
  see(codec::parse_open_room("", text));
  see(codec::parse_update_channel(text, kChannel, std::nullopt));
  see(codec::parse_set_channel_member(text, kChannel, kAda));
  see(codec::parse_set_ban(text, kChannel, kAda));
  see(codec::parse_post_message(text, kChannel));
  see(codec::parse_edit_message(text, kChannel, {1}, std::nullopt));
  see(codec::parse_move_cursor(text, kChannel, core::CursorKind::Read));
  see(codec::parse_hide_up_to(text, kChannel));
  static_cast<void>(codec::parse_dev_token(text));
  if (const auto request = codec::parse_create_account(text)) {
    must_hold(core::UserId::parse(request->credentials.user.text) == request->credentials.user,
              "an e-mail address is a user id");
    see(core::Payload(core::CreateAccount{request->name, request->role, "$argon2id$x"}));
  }
  if (const auto credentials = codec::parse_credentials(text))
    must_hold(core::UserId::parse(credentials->user.text) == credentials->user, "an e-mail address is a user id");
  if (const auto name = codec::parse_path_name("n", text)) see(core::Payload(core::ReserveName{*name}));
  if (const auto name = codec::parse_path_name(text, "n")) see(core::Payload(core::ReleaseName{*name}));
  static_cast<void>(codec::parse_key(text));
  static_cast<void>(codec::parse_if_match(text));
  static_cast<void>(codec::parse_path_seq(text));
  static_cast<void>(codec::parse_path_emoji(text));
  static_cast<void>(codec::parse_path_name(text, text));
  static_cast<void>(codec::parse_no_body(text));
  return 0;
}
