// What a writer does with what people write: it is sealed before it is handed to the log.
#include <gmock/gmock.h>

#include "codec/command_codec.hpp"
#include "ingest/writer.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/ingest/fake_keys.hpp"

namespace parley::ingest {
namespace {

using namespace std::chrono_literals;
using How = Settled::How;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SealingTest : public ::testing::Test {
 protected:
  void say(const char* user, core::Payload payload, std::string key = {}) {
    auto command = writer_.command({user}, std::move(key), std::move(payload), "");
    writer_.submit(std::move(command), [this](const core::Command&, const Settled& how) { settled_.push_back(how.how); });
    turn();
  }
  void post(const char* user, std::string text, std::string key = {}) {
    say(user, core::PostMessage{.channel = kChannel, .text = std::move(text)}, std::move(key));
  }
  void turn() {
    context_.restart();
    context_.poll();
    log_.write();
  }
  void answer(bool made) {
    keys_.answer(made);
    turn();
  }
  // What came into the log, opened.
  std::vector<std::string> texts() {
    std::vector<std::string> texts;
    for (const auto& record : log_.records(0)) {
      auto command = *codec::decode_command(record.value);
      if (command.sealed.key != 0) {
        EXPECT_TRUE(open(command, *keys_.table().current(command.user)));
      }
      const auto* posted = std::get_if<core::PostMessage>(&command.payload);
      texts.push_back(posted != nullptr ? posted->text : std::string(codec::event_type(command)));
    }
    return texts;
  }

  static inline const core::ChannelId kChannel = core::group_id({"ann"}, "g");
  runtime::Metrics registry_;
  WriterMetrics metrics_{registry_};
  const runtime::ManualClock clock_{1'767'225'600'000};
  boost::asio::io_context context_;
  testing::ManualLog log_{1};
  FakeKeys keys_;
  Writer writer_{context_, 0, 9, log_, {.partitions = 1, .epoch = 7}, clock_, 8s, metrics_, &keys_};
  std::vector<How> settled_;
};

TEST_F(SealingTest, TheFirstWordsOfAUserWaitForHisKeyAndWhatFollowsWaitsBehindThem) {
  post("ann", "first");
  say("ann", core::RetractMessage{kChannel, {1}});
  post("ann", "second");
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_THAT(keys_.asked, SizeIs(1));
  say("bob", core::RetractMessage{kChannel, {2}});
  EXPECT_THAT(texts(), ElementsAre("parley.command.retract_message.v1")) << "others do not wait";
  answer(true);
  EXPECT_THAT(texts(),
              ElementsAre("parley.command.retract_message.v1", "first", "parley.command.retract_message.v1", "second"));
  post("ann", "third");
  EXPECT_EQ(texts().back(), "third");
  EXPECT_THAT(keys_.asked, IsEmpty()) << "a key is made once";
}

TEST_F(SealingTest, NothingThatSomebodyWroteIsInTheLogAsItIs) {
  post("ann", "plain words", "k");
  answer(true);
  say("ann", core::SetProfile{.name = "Ann plain"});
  for (const auto& record : log_.records(0)) EXPECT_EQ(record.value.find("plain"), std::string::npos);
  EXPECT_EQ(log_.records(0).size(), 2U);
}

TEST_F(SealingTest, WithoutAKeyNothingIsWrittenAndTheNextTriesAgain) {
  post("ann", "lost");
  say("ann", core::RetractMessage{kChannel, {1}});
  answer(false);
  EXPECT_THAT(settled_, ElementsAre(How::NotWritten));
  EXPECT_THAT(texts(), ElementsAre("parley.command.retract_message.v1")) << "what has no words needs no key";
  post("ann", "kept");
  answer(true);
  EXPECT_EQ(texts().back(), "kept");
}

TEST_F(SealingTest, TheHashOfWordsIsOnlyForWhoHasTheKey) {
  post("ann", "the same", "k");
  answer(true);
  post("ann", "the same", "k");
  post("ann", "another", "k");
  const auto hash = [this](std::size_t record) { return codec::decode_command(log_.records(0)[record].value)->payload_hash; };
  EXPECT_EQ(hash(0), hash(1));
  EXPECT_NE(hash(0), hash(2));
  core::Command guess{.user = {"ann"}};
  guess.payload = core::PostMessage{.channel = kChannel, .text = "the same"};
  codec::set_payload_hash(guess);
  EXPECT_NE(hash(0), guess.payload_hash);
}

}  // namespace
}  // namespace parley::ingest
