// Core values ↔ the generated messages of parley.store.v1, for those who send rows over gRPC. A proto that holds what no
// projection writes gives none.
//
// Concurrency: pure functions, any thread. `out` is expected to be empty.
#pragma once

#include <optional>

#include "codec/rows.hpp"
#include "parley/store/v1/rows.pb.h"

namespace parley::codec {

namespace rows = parley::store::v1;

void to_proto(const core::UserProfile& profile, rows::User& out);
void to_proto(const core::WorkspaceHead& head, rows::Workspace& out);
void to_proto(const core::WorkspaceMember& member, rows::WorkspaceMember& out);
void to_proto(const core::ChannelHead& head, rows::Channel& out);
void to_proto(const core::ChannelMember& member, rows::ChannelMember& out);
void to_proto(const core::Ban& ban, rows::Ban& out);
void to_proto(const core::Reservation& reservation, rows::Name& out);
void to_proto(const core::Message& message, rows::Message& out);
void to_proto(const core::Outcome& outcome, rows::Outcome& out);  // without what OutcomeRow adds
void to_proto(const OutcomeRow& row, rows::Outcome& out);

std::optional<core::UserProfile> from_proto(const rows::User& row);
std::optional<core::WorkspaceHead> from_proto(const core::WorkspaceId& id, const rows::Workspace& row);
std::optional<core::WorkspaceMember> from_proto(const rows::WorkspaceMember& row);
std::optional<core::ChannelHead> from_proto(const core::ChannelId& id, const rows::Channel& row);
std::optional<core::ChannelMember> from_proto(const rows::ChannelMember& row);
core::Ban from_proto(const rows::Ban& row);
core::Reservation from_proto(const rows::Name& row);
std::optional<core::Message> from_proto(const core::ChannelId& channel, core::Seq seq, const rows::Message& row);
std::optional<core::Outcome> outcome_from_proto(const rows::Outcome& row);  // likewise
std::optional<OutcomeRow> from_proto(const rows::Outcome& row);

}  // namespace parley::codec
