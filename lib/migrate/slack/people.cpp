#include "migrate/slack/people.hpp"

#include <algorithm>

namespace parley::migrate::slack {
namespace {

std::string first_of(std::initializer_list<std::string> texts) {
  for (const auto& text : texts)
    if (!text.empty()) return text;
  return {};
}

}  // namespace

std::string People::add(const Fields& user) {
  const auto slack_id = user.text("id");
  if (slack_id.empty()) return "a user without an id";
  if (by_slack_id_.contains(slack_id)) return slack_id + " is there twice";
  const auto profile = user.object("profile");
  if (team_.empty()) team_ = user.text("team_id");
  const auto name = user.text("name");
  Person person{.id = free_id({profile.text("email"), name, slack_id})};
  person.name = first_of({user.text("real_name"), profile.text("real_name"), profile.text("display_name"), name, slack_id});
  if (auto picture = first_of({profile.text("image_192"), profile.text("image_72")}); !picture.empty())
    person.avatar_url = std::move(picture);
  person.gone = user.is_true("deleted");
  person.owner = user.is_true("is_primary_owner");
  person.rules = user.is_true("is_owner");
  person.bot = user.is_true("is_bot");
  if (person.id.text.empty()) return slack_id + " has no name that can be a user's here";
  put(slack_id, std::move(person));
  if (const auto bot_id = profile.text("bot_id"); !bot_id.empty()) by_bot_id_.try_emplace(bot_id, people_.size() - 1);
  return {};
}

const Person& People::add_bot(const std::string& bot_id, const std::string& name) {
  Person person{.id = free_id({"slack-bot-" + bot_id, "slack-bot-" + std::to_string(people_.size())}), .bot = true};
  person.name = first_of({name, person.id.text});
  by_bot_id_.insert_or_assign(bot_id, people_.size());
  return put({}, std::move(person));
}

const Person& People::put(const std::string& slack_id, Person person) {
  if (!slack_id.empty()) by_slack_id_.emplace(slack_id, people_.size());
  taken_.insert(person.id);
  return people_.emplace_back(std::move(person));
}

// The first that can be a user's id and is nobody's; without characters: none.
core::UserId People::free_id(std::initializer_list<std::string> wishes) const {
  for (const auto& wish : wishes)
    if (auto id = core::UserId::parse(wish); id && !taken_.contains(*id)) return std::move(*id);
  return {};
}

const Person* People::find(const std::string& slack_id) const {
  const auto found = by_slack_id_.find(slack_id);
  return found == by_slack_id_.end() ? nullptr : &people_[found->second];
}

const Person* People::find_bot(const std::string& bot_id) const {
  const auto found = by_bot_id_.find(bot_id);
  return found == by_bot_id_.end() ? nullptr : &people_[found->second];
}

const Person* People::owner() const {
  const auto first = [this](auto&& is) -> const Person* {
    const auto found = std::ranges::find_if(people_, is);
    return found == people_.end() ? nullptr : &*found;
  };
  if (const auto* primary = first([](const Person& p) { return p.owner; })) return primary;
  if (const auto* other = first([](const Person& p) { return p.rules && !p.gone; })) return other;
  if (const auto* someone = first([](const Person& p) { return !p.bot && !p.gone; })) return someone;
  return people_.empty() ? nullptr : &people_.front();
}

}  // namespace parley::migrate::slack
