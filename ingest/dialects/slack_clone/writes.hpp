// What Slack clone's calls do with users, workspaces and channels. See docs/compatibility.md, rows S-01 to S-13.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::ingest::dialects::slack_clone {

using dialect::Answering;
using dialect::Call;

Answering register_user(Call& call);
Answering create_workspace(Call& call);
Answering delete_workspace(Call& call);
Answering invite_to_workspace(Call& call);
Answering leave_workspace(Call& call);
Answering create_channel(Call& call);
Answering delete_channel(Call& call);
Answering invite_to_channel(Call& call);
Answering leave_channel(Call& call);

}  // namespace parley::ingest::dialects::slack_clone
