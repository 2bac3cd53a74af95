#include "tests/unit/codec/generate.hpp"

#include <array>

#include "codec/command_codec.hpp"
#include "codec/seal.hpp"
#include "core/mentions.hpp"

namespace parley::codec {

std::string Generator::clean(std::size_t min, std::size_t max) {
  static constexpr std::string_view kAscii = "abcdefghijklmnopqrstuvwxyz ABCXYZ0123456789.,:@\"\\<>";
  static constexpr std::array<std::string_view, 6> kOther = {"ä", "ß", "語", "€", "👍", "\u200d"};
  std::string out;
  for (auto left = min + below(max - min + 1); left > 0; --left) {
    if (below(4) == 0)
      out += kOther[below(kOther.size())];
    else
      out += kAscii[below(kAscii.size())];
  }
  return out;
}

std::string Generator::text(std::size_t min, std::size_t max) {
  auto out = clean(min, max);
  for (auto& c : out)
    if (c == '.') c = static_cast<char>(below(0x20));
  return out;
}

core::Uuid Generator::uuid() {
  std::array<std::uint8_t, 16> bytes;
  for (auto& b : bytes) b = static_cast<std::uint8_t>(number());
  return core::Uuid{bytes};
}

core::UserProfile Generator::profile() {
  return {name(), maybe([] { return std::string("https://example.org/a.png?x=1"); }), time()};
}

core::WorkspaceHead Generator::workspace() {
  return {.id = {uuid()},
          .name = name(),
          .owner = user(),
          .created_at = time(),
          .version = version(),
          .deleted = flip(),
          .member_count = below(100)};
}

core::ChannelHead Generator::channel() {
  return {.id = {uuid()},
          .kind = static_cast<core::ChannelKind>(1 + below(5)),
          .workspace = maybe([this] { return core::WorkspaceId{uuid()}; }),
          .name = name(),
          .topic = text(0, 60),
          .created_by = user(),
          .created_at = time(),
          .last_seq = seq(),
          .version = version(),
          .archived = flip(),
          .deleted = flip(),
          .member_count = below(5000),
          .active_at = time(),
          .metadata = flip() ? R"({"a":[1,2.5e3,null,"ü"]})" : "",
          .open = flip(),
          .last_number = {below(1ULL << 53)},
          .reached_by_reading = seq(),
          .reached_by_delivery = seq()};
}

core::ChannelMember Generator::member() { return {role(), time(), seq(), seq(), time(), flip(), below(9), version(), seq()}; }

core::Ban Generator::ban() {
  return {text(0, 40), maybe([this] { return time(); }), user(), time()};
}

core::SiteName Generator::site_name() { return {"users-" + std::to_string(below(50)), name()}; }

core::Reservation Generator::reservation() {
  return {maybe([this] { return user(); }), version(), time()};
}

core::Message Generator::message() {
  const auto posted_at = time();
  std::vector<core::Reaction> reactions;
  for (auto n = below(3); n > 0; --n) reactions.push_back({clean(1, 10), 1 + below(2'000), {}});
  return {.channel = {uuid()},
          .seq = seq(),
          .version = version(),
          .author = user(),
          .text = text(1, 300),
          .posted_at = posted_at,
          .number = {static_cast<std::uint64_t>(posted_at.value) + below(2)},
          .edited_at = maybe([this] { return core::TimeMs{time().value + 1}; }),
          .retracted = flip(),
          .retracted_at = maybe([this] { return core::TimeMs{time().value + 1}; }),
          .reply_to = flip() ? seq() : core::Seq{},
          .reply_count = below(300),
          .pinned = flip(),
          .reactions = std::move(reactions),
          .edits = below(3),
          .text_version = version(),
          .attachments = flip() ? R"([{"url":"x"},{}])" : "",
          .metadata = flip() ? R"({"a":[1,2.5e3,null,"ü"]})" : "",
          .mentions = below(3) == 0 ? std::vector{user(), user()} : std::vector<core::UserId>{},
          .posted_version = version(),
          .offset = below(1'000'000),
          .erased = below(4) == 0};
}

core::Payload Generator::payload(std::size_t kind) {
  const core::ChannelId channel{uuid()};
  const core::WorkspaceId workspace{uuid()};
  const auto some_role = maybe([this] { return role(); });
  const auto if_version = maybe([this] { return version(); });
  switch (kind) {
    case 0:
      return core::SetProfile{name(), profile().avatar_url};
    case 1:
      return core::CreateWorkspace{workspace, name()};
    case 2:
      return core::UpdateWorkspace{workspace, name(), if_version};
    case 3:
      return core::DeleteWorkspace{workspace};
    case 4:
      return core::SetWorkspaceMember{workspace, user(), some_role};
    case 5:
      return core::RemoveWorkspaceMember{workspace, user()};
    case 6: {
      core::CreateChannel create{.channel = channel, .kind = core::ChannelKind::Group, .topic = text(0, 50)};
      if (flip()) create.kind = flip() ? core::ChannelKind::Public : core::ChannelKind::Private;
      if (create.kind != core::ChannelKind::Group) create.workspace = workspace;
      if (create.workspace || flip()) create.name = name();
      for (auto n = below(4); n > 0; --n) create.members.push_back(user());
      if (flip()) create.metadata = R"({"a":{}})";
      create.open = flip();
      return create;
    }
    case 7:
      return core::OpenDirect{channel, user()};
    case 8:
      return core::UpdateChannel{
          channel, maybe([this] { return name(); }), maybe([this] { return text(0, 90); }), flip(), if_version, maybe([this] {
            return std::string(flip() ? R"({"a":1})" : "");
          })};
    case 9:
      return core::DeleteChannel{channel};
    case 10:
      return core::SetChannelMember{channel, user(), some_role};
    case 11:
      return core::RemoveChannelMember{channel, user()};
    case 12: {
      const auto like = message();
      return core::PostMessage{channel,       maybe([this] { return user(); }), like.text, like.reply_to, like.attachments,
                               like.metadata, core::mentions_in(like.text)};
    }
    case 13: {
      auto said = text(1, 200);
      return core::EditMessage{channel, seq(), said, if_version, core::mentions_in(said)};
    }
    case 14:
      return core::RetractMessage{channel, seq()};
    case 15:
      return core::HideMessage{channel, seq()};
    case 16:
      return core::SetReaction{channel, seq(), clean(1, 10), flip()};
    case 17:
      return core::SetPin{channel, seq(), flip()};
    case 18:
      return core::SetBan{channel, user(), flip(), text(0, 40), maybe([this] { return time(); })};
    case 19:
      return core::OpenRoom{channel, clean(1, 30)};
    case 20:
      return core::EraseUser{user(), below(1000), static_cast<core::Slot>(below(65536))};
    case 21:
      return core::HideUpTo{channel, seq()};
    case 22:
      return core::ReserveName{site_name()};
    case 23:
      return core::ReleaseName{site_name()};
    case 24:
      return core::CreateAccount{name(), flip() ? "NORMAL" : "SITE_ADMIN", "$argon2id$v=19$" + std::to_string(number())};
    default:
      return core::MoveCursor{channel, seq(), flip() ? core::CursorKind::Read : core::CursorKind::Delivered};
  }
}

core::Command Generator::command(std::size_t kind) {
  core::Command command{.user = user(), .received_at = time(), .origin = {number(), static_cast<std::uint32_t>(below(64))}};
  command.payload = payload(kind);
  command.stream = stream_for(command.payload, command.user);
  command.id = core::command_id(command.stream.slot(), command.received_at, number());
  if (flip()) {
    command.key = text(1, 60);
    set_payload_hash(command);
  }
  if (has_words(command.payload) && flip()) {  // as it comes out of the log
    seal(command, BodyKey::from_secret(1 + below(1000), {}));
    const auto sealed = command.sealed;
    forget_words(command);
    command.sealed = sealed;
    command.erased = false;
  }
  if (flip()) command.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  return command;
}

core::Outcome Generator::outcome(std::size_t kind) {
  core::Outcome outcome{.at = time()};
  if (kind == 0 && flip()) {
    outcome.status = core::Status::Rejected;
    outcome.code = static_cast<core::Code>(1 + below(6));
    outcome.detail = name();
    return outcome;
  }
  outcome.seq = seq();
  outcome.version = version();
  if (flip()) outcome.channel = core::ChannelId{uuid()};
  switch (kind) {
    case 0:
      break;
    case 1:
      outcome.result = core::UserResult{user(), profile()};
      break;
    case 2:
      outcome.result = workspace();
      break;
    case 3:
      outcome.result = core::MemberResult{user(), role(), time()};
      break;
    case 4:
      outcome.result = channel();
      break;
    case 5: {
      auto bare = message();
      outcome.channel = bare.channel;
      outcome.result = core::MessageResult{std::move(bare)};
      break;
    }
    case 6:
      outcome.result = core::BanResult{user(), ban()};
      break;
    case 7:
      outcome.result = core::NameResult{reservation(), flip()};
      break;
    default:
      outcome.result = core::CursorResult{outcome.seq};
  }
  return outcome;
}

}  // namespace parley::codec
