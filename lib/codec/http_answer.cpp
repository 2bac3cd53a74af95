#include "codec/http_answer.hpp"

#include "codec/client_json.hpp"
#include "core/mentions.hpp"

namespace parley::codec {
namespace {

HttpAnswer problem_answer(const core::Command& command, Problem problem, std::string_view detail,
                          std::span<const FieldError> errors = {}) {
  const ProblemBody body{.problem = problem, .detail = detail, .trace_id = trace_id(command.traceparent), .errors = errors};
  return {info(problem).status, problem_json(body), true};
}

// What of a command the rules may find unsound, as its sender calls it.
struct UnsoundField {
  const core::UserId& sender;
  std::string_view operator()(const core::PostMessage&) const { return "reply_to"; }
  std::string_view operator()(const core::MoveCursor&) const { return "seq"; }
  std::string_view operator()(const core::HideUpTo&) const { return "seq"; }
  std::string_view operator()(const core::SetBan& set) const { return set.user == sender ? "user_id" : "until"; }
  std::string_view operator()(const core::CreateChannel&) const { return "members"; }
  std::string_view operator()(const auto&) const { return "body"; }
};

HttpAnswer rejection(const core::Command& command, const core::Outcome& outcome) {
  const auto problem = problem_of(outcome.code);
  if (problem != Problem::InvalidArgument) return problem_answer(command, problem, outcome.detail);
  const FieldError error{std::string(std::visit(UnsoundField{command.user}, command.payload)), outcome.detail};
  return problem_answer(command, problem, outcome.detail, {&error, 1});
}

// The outcome of another type of command than this one: what is stored is not what the rules wrote.
HttpAnswer mismatch(const core::Command& command) {
  return problem_answer(command, Problem::Internal, "the stored outcome does not fit the command");
}

struct Accepted {
  const core::Command& command;
  const core::Outcome& outcome;

  template <class Result, class Append>
  HttpAnswer with(unsigned status, Append append) const {
    const auto* result = std::get_if<Result>(&outcome.result);
    if (result == nullptr) return mismatch(command);
    HttpAnswer answer{status, {}, false};
    append(answer.body, *result);
    return answer;
  }
  HttpAnswer with_workspace(unsigned status) const {
    return with<core::WorkspaceHead>(status, [](std::string& out, const auto& head) { append_workspace(out, head); });
  }
  HttpAnswer with_channel(unsigned status) const {
    return with<core::ChannelHead>(status, [](std::string& out, const auto& head) { append_channel(out, head); });
  }
  HttpAnswer with_member() const {
    return with<core::MemberResult>(
        200, [](std::string& out, const auto& member) { append_member(out, member.user, member.role, member.joined_at); });
  }
  static HttpAnswer no_content() { return {204, {}, false}; }

  HttpAnswer operator()(const core::SetProfile&) const {
    return with<core::UserResult>(200, [](std::string& out, const auto& user) { append_user(out, user.id, user.profile); });
  }
  HttpAnswer operator()(const core::CreateWorkspace&) const { return with_workspace(201); }
  HttpAnswer operator()(const core::UpdateWorkspace&) const { return with_workspace(200); }
  HttpAnswer operator()(const core::DeleteWorkspace&) const { return no_content(); }
  HttpAnswer operator()(const core::SetWorkspaceMember&) const { return with_member(); }
  HttpAnswer operator()(const core::RemoveWorkspaceMember&) const { return no_content(); }
  HttpAnswer operator()(const core::CreateChannel&) const { return with_channel(201); }
  HttpAnswer operator()(const core::OpenDirect&) const { return with_channel(200); }
  HttpAnswer operator()(const core::UpdateChannel&) const { return with_channel(200); }
  HttpAnswer operator()(const core::DeleteChannel&) const { return no_content(); }
  HttpAnswer operator()(const core::SetChannelMember&) const { return with_member(); }
  HttpAnswer operator()(const core::RemoveChannelMember&) const { return no_content(); }
  // The outcome leaves out what the command itself says; but once the author's erasure has come in between, it is gone.
  HttpAnswer operator()(const core::PostMessage& post) const {
    return with<core::MessageResult>(201, [&post](std::string& out, const auto& result) {
      auto view = view_of(result.message);
      const auto mentions = core::mentions_in(post.text);
      if (!view.erased) {
        view.text = post.text;
        view.attachments = post.attachments;
        view.metadata = post.metadata;
        for (const auto& user : mentions) view.mentions.emplace_back(user.text);
      }
      append_message(out, result.message.channel, result.message.seq, view);
    });
  }
  HttpAnswer operator()(const core::EditMessage&) const {
    return with<core::MessageResult>(200, [](std::string& out, const auto& result) { append_message(out, result.message); });
  }
  HttpAnswer operator()(const core::RetractMessage&) const { return no_content(); }
  HttpAnswer operator()(const core::MoveCursor&) const { return no_content(); }
  HttpAnswer operator()(const core::HideMessage&) const { return no_content(); }
  HttpAnswer operator()(const core::HideUpTo&) const { return no_content(); }
  HttpAnswer operator()(const core::SetReaction&) const { return no_content(); }
  HttpAnswer operator()(const core::SetPin&) const { return no_content(); }
  HttpAnswer operator()(const core::SetBan& set) const {
    if (!set.on) return no_content();
    return with<core::BanResult>(200, [](std::string& out, const auto& result) { append_ban(out, result.user, result.ban); });
  }
  HttpAnswer operator()(const core::OpenRoom&) const { return with_channel(200); }
  HttpAnswer operator()(const core::EraseUser&) const { return no_content(); }
  HttpAnswer operator()(const core::CreateAccount& create) const {
    HttpAnswer answer{201, {}, false};
    append_account(answer.body, command.user, create, outcome.at);
    return answer;
  }
  HttpAnswer operator()(const core::ReserveName& reserve) const {
    const auto* named = std::get_if<core::NameResult>(&outcome.result);
    if (named == nullptr || !named->reservation.owner) return mismatch(command);
    HttpAnswer answer{named->fresh ? 201U : 200U, {}, false};
    append_name(answer.body, reserve.name, named->reservation);
    return answer;
  }
  HttpAnswer operator()(const core::ReleaseName&) const { return no_content(); }
};

}  // namespace

HttpAnswer http_answer(const core::Command& command, const core::Outcome& outcome) {
  if (outcome.status == core::Status::Rejected) return rejection(command, outcome);
  return std::visit(Accepted{command, outcome}, command.payload);
}

HttpAnswer outcome_unknown_answer(const core::Command& command, std::string_view position) {
  const auto id = command.id.text();
  const ProblemBody body{
      .problem = Problem::OutcomeUnknown,
      .detail = position.empty() ? "it may be in the log; send it again with the same key to hear the outcome"
                                 : "it is in the log and will be decided; send it again with the same key to hear the outcome",
      .trace_id = trace_id(command.traceparent),
      .command_id = id,
      .position = position};
  return {info(Problem::OutcomeUnknown).status, problem_json(body), true};
}

// "00-<32 hex digits>-<16>-<2>" (W3C Trace Context).
std::string_view trace_id(std::string_view traceparent) {
  constexpr std::size_t kStart = 3;
  constexpr std::size_t kLength = 32;
  if (traceparent.size() <= kStart + kLength || traceparent[kStart - 1] != '-' || traceparent[kStart + kLength] != '-')
    return {};
  const auto id = traceparent.substr(kStart, kLength);
  return id.find_first_not_of("0123456789abcdef") == std::string_view::npos ? id : std::string_view{};
}

}  // namespace parley::codec
