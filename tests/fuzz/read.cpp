// What the read models are asked by another process of the site: any request has an answer, which says that it was understood
// or that there is no such thing.
#include <google/protobuf/stubs/logging.h>

#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/fold/partition.hpp"

namespace parley::fuzz {
namespace {

using namespace projector;

// Every string that is not UTF-8 would be a line on standard error.
[[maybe_unused]] const auto kNoLog = google::protobuf::SetLogHandler(nullptr);
const core::UserId kAnn{"ann"};
const core::UserId kBob{"bob"};
const core::WorkspaceId kWorkspace = core::workspace_id(kAnn, "w");
const core::ChannelId kGroup = core::group_id(kAnn, "g");

// A partition in which a little of everything was done.
class Small {
 public:
  Small() {
    say(kAnn, core::CreateWorkspace{kWorkspace, "w"});
    say(kAnn, core::SetWorkspaceMember{kWorkspace, kBob, core::Role::Member});
    say(kAnn, core::CreateChannel{.channel = kGroup, .kind = core::ChannelKind::Group, .members = {kBob}});
    for (int i = 0; i < 5; ++i) say(i % 2 == 0 ? kAnn : kBob, core::PostMessage{.channel = kGroup, .text = "hello <@bob>"});
    say(kAnn, core::EditMessage{kGroup, {1}, "edited", {}});
    say(kBob, core::RetractMessage{kGroup, {2}});
    say(kBob, core::SetReaction{kGroup, {1}, "yes", true});
    say(kAnn, core::SetPin{kGroup, {3}, true});
    say(kBob, core::HideMessage{kGroup, {4}});
    say(kBob, core::MoveCursor{kGroup, {3}, core::CursorKind::Read});
    say(kBob, core::RemoveChannelMember{kGroup, kBob});
    say(kAnn, core::SetProfile{"Ann", {}});
  }
  std::optional<pb::ReadResponse> ask(const pb::ReadRequest& request) {
    const auto snapshot = partition_.store().snapshot();
    return Queries(*snapshot, request.caller()).answer(request);
  }
  std::uint64_t next() { return partition_->next(); }

 private:
  void say(const core::UserId& user, core::Payload payload) {
    core::Command command{.user = user, .received_at = {++now_}};
    command.payload = std::move(payload);
    command.stream = codec::stream_for(command.payload, user);
    command.id = core::command_id(command.stream.slot(), command.received_at, 1);
    const eventlog::Record record{.offset = partition_->next(), .key = {}, .value = codec::encode(command), .type = {}};
    partition_.fold({&record, 1});
  }
  std::int64_t now_ = 1'767'225'600'000;
  ReadTables tables_;
  fold::Partition partition_{fold::kControl, &tables_};
};

std::vector<pb::ReadRequest> requests() {
  const std::string group(kGroup.bytes());
  const std::string workspace(kWorkspace.bytes());
  std::vector<pb::ReadRequest> all;
  const auto ask = [&]() -> pb::ReadRequest& {
    auto& request = all.emplace_back();
    request.set_caller("ann");
    return request;
  };
  ask().mutable_get_user()->set_user("ann");
  ask().mutable_get_workspace()->set_workspace(workspace);
  ask().mutable_list_workspaces();
  ask().mutable_list_workspace_members()->set_workspace(workspace);
  ask().mutable_list_workspace_channels()->set_workspace(workspace);
  ask().mutable_get_channel()->set_channel(group);
  ask().mutable_list_channel_members()->set_channel(group);
  all.back().mutable_list_channel_members()->mutable_as_of()->set_next_offset(5);
  ask().mutable_list_inbox();
  ask().mutable_get_messages()->set_channel(group);
  all.back().mutable_get_messages()->set_around(3);
  all.back().mutable_get_messages()->set_limit(3);
  ask().mutable_get_messages()->set_channel(group);
  all.back().mutable_get_messages()->set_limit(9);
  all.back().mutable_get_messages()->mutable_as_of()->set_at_ms(1'767'225'600'009);
  ask().mutable_get_message()->set_channel(group);
  all.back().mutable_get_message()->set_seq(1);
  ask().mutable_list_receipts()->set_channel(group);
  ask().mutable_get_direct();
  ask().mutable_get_command();
  ask().mutable_list_revisions()->set_channel(group);
  ask().mutable_list_events()->set_channel(group);
  all.back().mutable_list_events()->set_limit(20);
  ask().mutable_list_bans()->set_channel(group);
  ask().mutable_list_commands()->set_limit(5);
  ask().mutable_resume()->set_limit(20);
  auto& seen = *all.back().mutable_resume()->add_channels();
  seen.set_id(group);
  seen.set_after(2);
  seen.set_up_to(6);
  auto left = all.back();
  left.set_caller("bob");
  left.mutable_resume()->mutable_channels(0)->set_up_to(0);
  all.push_back(left);
  return all;
}

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> seeds;
  for (const auto& request : requests()) seeds.push_back(request.SerializeAsString());
  return seeds;
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  static fuzz::Small small;
  projector::pb::ReadRequest request;
  if (!request.ParseFromArray(data, static_cast<int>(size)) || request.has_search())
    return 0;  // of searches: the target search
  fuzz::must_hold(small.ask(request).has_value(), "what is stored can be read");
  return 0;
}
