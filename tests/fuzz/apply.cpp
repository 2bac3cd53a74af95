// The rules, from bytes that choose commands over few users, places and keys. Each command goes through the log's bytes first.
// Versions and seqs stay dense, a refusal changes nothing, and the same commands give the same state.
#include "core/apply.hpp"

#include "codec/command_codec.hpp"
#include "core/mentions.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/core/world.hpp"

namespace parley::fuzz {
namespace {

using namespace core;

constexpr Rules kRules{.dedup_window_ms = 1000};
constexpr std::size_t kMaxCommands = 300;

// Chooses what the bytes say; when they are at their end, the first of everything.
class Chooser {
 public:
  explicit Chooser(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool done() const { return bytes_.empty(); }
  std::uint64_t below(std::uint64_t end) {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % end;
  }
  UserId user() {
    static const std::vector<UserId> users = {{"ada"}, {"bob"}, {"eve"}, {"zoe@example.org"}};
    return users[below(users.size())];
  }
  WorkspaceId workspace() { return workspace_id({below(2) == 0 ? "ada" : "bob"}, "w"); }
  ChannelId channel() {
    const UserId ada{"ada"};
    switch (below(6)) {
      case 5:
        return room_id("a");
      case 0:
        return group_id(ada, "g");
      case 1:
        return direct_id(ada, user());
      case 2:
        return channel_id(workspace(), {"bob"}, "1");
      default:
        return channel_id(workspace(), ada, "1");
    }
  }
  std::string words() { return below(3) == 0 ? "<@" + user().text + ">" : text(); }
  std::string text() { return std::string(1 + below(3), static_cast<char>('a' + below(3))); }
  Seq seq() { return {1 + below(5)}; }
  std::optional<Version> if_version() { return below(4) == 0 ? std::optional<Version>{{below(6)}} : std::nullopt; }
  std::optional<Role> role() { return below(2) == 0 ? std::nullopt : std::optional(static_cast<Role>(1 + below(3))); }

  Payload payload(const UserId& sender);
  Command command();

 private:
  Payload create_channel();
  Payload update_channel();

  std::string_view bytes_;
  TimeMs now_{1'767'225'600'000};
};

Payload Chooser::create_channel() {
  CreateChannel create{.kind = static_cast<ChannelKind>(1 + below(2)), .name = text()};
  create.workspace = workspace();
  create.channel = channel_id(*create.workspace, {"ada"}, "1");
  if (below(3) == 0) {
    create.kind = ChannelKind::Group;
    create.workspace = std::nullopt;
    create.channel = group_id({"ada"}, "g");
    create.open = below(2) == 0;
  }
  for (auto n = below(3); n > 0; --n) create.members.push_back(user());
  return create;
}

Payload Chooser::update_channel() {
  UpdateChannel update{.channel = channel(), .topic = text(), .if_version = if_version()};
  if (below(2) == 0) update.name = text();
  if (below(2) == 0) update.archived = below(2) == 0;
  if (below(4) == 0) update.metadata = R"({"a":")" + text() + R"("})";
  return update;
}

Payload Chooser::payload(const UserId& sender) {
  switch (below(29)) {
    case 0:
      return SetProfile{text(), std::nullopt};
    case 1:
    case 2:
      return CreateWorkspace{workspace(), text()};
    case 3:
      return UpdateWorkspace{workspace(), text(), if_version()};
    case 4:
      return DeleteWorkspace{workspace()};
    case 5:
      return SetWorkspaceMember{workspace(), user(), role()};
    case 6:
      return RemoveWorkspaceMember{workspace(), user()};
    case 7:
    case 8:
      return create_channel();
    case 9: {
      const auto other = user();
      return OpenDirect{direct_id(sender, other), other};
    }
    case 10:
      return update_channel();
    case 11:
      return DeleteChannel{channel()};
    case 12:
      return SetChannelMember{channel(), user(), role()};
    case 13:
      return RemoveChannelMember{channel(), user()};
    case 14: {
      const auto other = user();
      auto said = words();
      return PostMessage{.channel = direct_id(sender, other), .direct_to = other, .text = said, .mentions = mentions_in(said)};
    }
    case 15: {
      auto said = words();
      return EditMessage{channel(), seq(), said, if_version(), mentions_in(said)};
    }
    case 16:
      return RetractMessage{channel(), seq()};
    case 17:
      return MoveCursor{channel(), seq(), below(2) == 0 ? CursorKind::Read : CursorKind::Delivered};
    case 18:
      return HideMessage{channel(), seq()};
    case 19:
    case 20:
      return SetReaction{channel(), seq(), text(), below(3) != 0};
    case 21:
      return SetPin{channel(), seq(), below(2) == 0};
    case 22:
      return SetBan{channel(), user(), below(2) == 0, "",
                    below(2) == 0 ? std::nullopt : std::optional(TimeMs{now_.value + 64})};
    case 23:
      return HideUpTo{channel(), seq()};
    case 28:
      return CreateAccount{text(), "NORMAL", "$argon2id$" + text()};
    case 26:
      return ReserveName{{"n", text()}};
    case 27:
      return ReleaseName{{"n", text()}};
    case 25:
      return OpenRoom{channel(), "a"};
    default: {
      auto said = words();
      return PostMessage{.channel = channel(), .text = said, .reply_to = {below(3)}, .mentions = mentions_in(said)};
    }
  }
}

Command Chooser::command() {
  now_.value += static_cast<std::int64_t>(below(64)) * 8;
  Command command{.user = user(), .received_at = now_};
  command.payload = payload(command.user);
  command.stream = codec::stream_for(command.payload, command.user);
  command.id = command_id(command.stream.slot(), now_, below(256));
  if (below(3) == 0) {
    command.key = text();
    codec::set_payload_hash(command);
  }
  return command;
}

// Does a change of this kind take a version of its channel or workspace?
struct TakesVersion {
  bool operator()(const CursorMoved&) const { return false; }
  bool operator()(const MessageHidden&) const { return false; }
  bool operator()(const MessagesHidden&) const { return false; }
  bool operator()(const BanChanged&) const { return false; }
  bool operator()(const ReplyCounted&) const { return false; }
  bool operator()(const WorkspaceMemberJoined&) const { return false; }
  bool operator()(const WorkspaceMemberLeft&) const { return false; }
  bool operator()(const ProfileSet&) const { return false; }
  bool operator()(const UserErased&) const { return false; }
  bool operator()(const AccountCreated&) const { return false; }
  bool operator()(const NameChanged& c) const { return c.reservation.owner.has_value(); }
  bool operator()(const auto&) const { return true; }
};

// Follows the numbers of every channel and workspace.
class Numbers {
 public:
  void follow(const Change& change) {
    auto& version = versions_[change.subject];
    if (std::visit(TakesVersion{}, change.body)) version = version.next();
    if (std::holds_alternative<ProfileSet>(change.body) || std::holds_alternative<UserErased>(change.body) ||
        std::holds_alternative<AccountCreated>(change.body))
      return;
    must_hold(change.version == version, "versions have no hole");
    const auto* posted = std::get_if<MessagePosted>(&change.body);
    if (posted == nullptr) return;
    auto& seq = seqs_[change.subject];
    seq = seq.next();
    must_hold(posted->message.seq == seq, "seqs have no hole");
    must_hold(posted->message.version == version, "a message has the version of its posting");
  }

 private:
  std::unordered_map<Uuid, Version> versions_;
  std::unordered_map<Uuid, Seq> seqs_;
};

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> seeds;
  std::uint64_t state = 7;
  for (std::size_t i = 0; i < 20; ++i) {
    std::string bytes(200 + 100 * i, '\0');
    for (auto& byte : bytes) {
      state = state * 6364136223846793005 + 1442695040888963407;
      byte = static_cast<char>(state >> 56);
    }
    seeds.push_back(std::move(bytes));
  }
  return seeds;
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using namespace parley::fuzz;
  Chooser choose(view(data, size));
  World world(kRules);
  World other(kRules);
  Numbers numbers;
  for (std::size_t i = 0; i < kMaxCommands && !choose.done(); ++i) {
    const auto command = choose.command();
    const auto read = codec::decode_command(codec::encode(command));
    must_hold(read.has_value() && *read == command, "a command is the same out of the log");
    const auto decision = world.run(command);
    must_hold(decision.changes.empty() || (!decision.duplicate && decision.outcome.status == core::Status::Accepted),
              "a refusal or a duplicate changes nothing");
    for (const auto& change : decision.changes) numbers.follow(change);
    other.run(*read);
  }
  must_hold(world.state() == other.state(), "the same commands give the same state");
  return 0;
}
