// Takes everything, and tells it in short lines; who is where is kept, as it is by one who moves it in.
#pragma once

#include <map>
#include <set>

#include "codec/rfc3339.hpp"
#include "migrate/sink.hpp"

namespace parley::migrate {

class RecordingSink final : public Sink {
 public:
  std::vector<std::string> told;
  std::vector<std::string> left_out;  // "kind where"
  std::vector<std::string> flaws;

  bool take(Entry entry) override {
    at_ = codec::time_text(entry.at).substr(11, 8);
    std::visit(*this, entry.what);
    return true;
  }
  void leave_out(std::string_view kind, std::string_view where, std::string_view) override {
    left_out.push_back(std::string(kind) + " " + std::string(where));
  }
  void damaged(std::string_view where, std::string_view) override { flaws.emplace_back(where); }
  [[nodiscard]] bool has_channel(const std::string& channel) const override { return members_.contains(channel); }
  [[nodiscard]] bool is_in(const std::string& channel, const core::UserId& user) const override {
    const auto found = members_.find(channel);
    return found != members_.end() && found->second.contains(user.text);
  }

  void operator()(const NewUser& u) { tell("user " + u.user.text + " " + u.name); }
  void operator()(const NewWorkspace& w) { tell("workspace " + w.name + " of " + w.by.text); }
  void operator()(const WorkspaceJoin& j) { tell("workspace-join " + j.user.text); }
  void operator()(const WorkspaceLeave& l) { tell("workspace-leave " + l.user.text); }
  void operator()(const NewChannel& c) {
    auto line = "channel " + c.id + " " + std::to_string(static_cast<int>(c.kind)) + " '" + c.name + "' '" + c.topic + "' by " +
                c.by.text + ":";
    auto& members = members_[c.id];
    members.insert(c.by.text);
    for (const auto& user : c.members) line += " " + user.text, members.insert(user.text);
    tell(line);
  }
  void operator()(const Join& j) {
    members_[j.channel].insert(j.user.text);
    tell("join " + j.user.text + (j.by.text.empty() ? "" : " by " + j.by.text));
  }
  void operator()(const Leave& l) {
    members_[l.channel].erase(l.user.text);
    tell("leave " + l.user.text);
  }
  void operator()(const Update& u) { tell(std::string("update ") + (u.archived.value_or(false) ? "archived" : "")); }
  void operator()(const Post& p) {
    if (p.bring_in) members_[p.channel].insert(p.by.text);
    tell("post " + p.id + " " + p.by.text + ": " + p.text + (p.reply_to.empty() ? "" : " (to " + p.reply_to + ")"));
  }
  void operator()(const Edit& e) { tell("edit " + e.message + ": " + e.text); }
  void operator()(const Retract& r) { tell("retract " + r.message); }
  void operator()(const Reaction& r) { tell("react " + r.message + " " + r.emoji + " " + r.by.text); }
  void operator()(const Pin& p) { tell("pin " + p.message + " " + p.by.text); }
  void operator()(const Read& r) { tell("read " + r.by.text); }
  void operator()(const AllRead& r) { tell("all-read " + r.channel); }

 private:
  void tell(const std::string& what) { told.push_back(at_ + " " + what); }
  std::string at_;
  std::map<std::string, std::set<std::string>> members_;
};

}  // namespace parley::migrate
