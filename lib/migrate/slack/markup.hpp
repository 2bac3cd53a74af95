// Slack's mark-up as a text that people can read without Slack: <@U1> names Parley's user, <#C1|general> is #general,
// <http://…|label> is label (http://…), &lt; is <. Total; what is no mark-up stays as it is.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace parley::migrate::slack {

struct Names {
  // What stands for an id; empty: it is not known.
  std::function<std::string(std::string_view user)> user;        // the id in Parley
  std::function<std::string(std::string_view channel)> channel;  // its name
};

std::string plain_text(std::string_view text, const Names& names);

}  // namespace parley::migrate::slack
