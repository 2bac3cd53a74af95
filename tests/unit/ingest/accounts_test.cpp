// Making an account and logging in to one, with the log, the keys and the read models in the test's hand.
#include "ingest/accounts.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "codec/command_codec.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/ingest/fake_keys.hpp"

namespace parley::ingest {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const core::UserId kAnn{"ann@example.org"};
constexpr auto kSecret = "a secret that is long enough";

// What was written through the log, if a test says so.
class FakeReads final : public service::ReadModel {
 public:
  void read(service::pb::ReadRequest request, Done done) override {
    service::pb::ReadResponse response;
    const auto account = accounts.find(request.get_account().user());
    response.set_status(account == accounts.end() ? service::pb::READ_STATUS_NOT_FOUND : service::pb::READ_STATUS_OK);
    if (broken) response.set_status(service::pb::READ_STATUS_UNAVAILABLE);
    if (account != accounts.end()) *response.mutable_account() = account->second;
    asked.push_back(std::move(request));
    done(std::move(response));
  }
  service::pb::DescribeResponse describe() override { return {}; }

  std::map<std::string, service::pb::AccountAnswer> accounts;
  bool broken = false;
  std::vector<service::pb::ReadRequest> asked;
};

class AccountsTest : public ::testing::Test {
 protected:
  static constexpr LogIdentity kLog{.partitions = 1, .epoch = 7};
  static constexpr auth::PasswordCost kCheap{.operations = 1, .memory_kib = 8};

  explicit AccountsTest(AccountOptions options = {.passwords = {.cost = kCheap}})
      : accounts_(std::move(options), {.secret = kSecret}, reads_, kLog, clock_, registry_) {
    accounts_.serve(door_, writer_);
  }

  net::HttpResponse post(std::string target, const json& body, std::string remote = "192.0.2.1") {
    net::HttpRequest request{.method = "POST", .target = std::move(target), .body = body.dump()};
    request.remote = std::move(remote);
    return answer_of(door_.handle(std::move(request)));
  }
  // Lets all that it waits for happen: keys, the log, its outcome.
  net::HttpResponse answer_of(boost::asio::awaitable<net::HttpResponse> asked) {
    std::optional<net::HttpResponse> answer;
    boost::asio::co_spawn(context_, std::move(asked), [&](const std::exception_ptr& thrown, net::HttpResponse answered) {
      EXPECT_FALSE(thrown);
      answer = std::move(answered);
    });
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!answer && std::chrono::steady_clock::now() < deadline) turn();
    EXPECT_TRUE(answer);
    return answer.value_or(net::HttpResponse{});
  }
  net::HttpResponse create(const std::string& email = kAnn.text) {
    return post("/v1/accounts", {{"email", email}, {"password", "correct horse"}, {"name", "Ann"}});
  }
  net::HttpResponse log_in(const std::string& email, const std::string& password, std::string remote = "192.0.2.1") {
    return post("/v1/accounts/token", {{"email", email}, {"password", password}}, std::move(remote));
  }
  void turn() {
    context_.restart();
    context_.run_for(1ms);
    while (!keys_.asked.empty()) keys_.answer(true);
    takes_ ? log_.write() : log_.refuse(eventlog::AppendError::Unavailable);
    for (; settled_ < log_.records(0).size(); ++settled_)
      writer_.settle({.command = written(settled_).id, .shard = 0, .offset = settled_, .outcome = outcome_}, 0);
  }
  // As it came into the log, opened.
  [[nodiscard]] core::Command written(std::size_t record) {
    auto command = *codec::decode_command(log_.records(0)[record].value);
    if (command.sealed.key != 0) EXPECT_TRUE(codec::open(command, *keys_.table().current(command.user)));
    return command;
  }
  // Of an account with that password.
  void there_is(const core::UserId& user, const std::string& password) {
    auto& account = reads_.accounts[user.text];
    account.mutable_row()->set_password_hash(auth::hash_password(password, kCheap).value());
    account.mutable_row()->set_role("NORMAL");
    account.set_name("Ann");
  }
  static std::string header(const net::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (net::same_header_name(key, name)) return value;
    return "(none)";
  }

  runtime::Metrics registry_;
  WriterMetrics metrics_{registry_};
  const runtime::ManualClock clock_{1'767'225'600'000};
  auth::Verifier verifier_{{.secret = kSecret}};
  std::atomic<bool> open_ = true;
  boost::asio::io_context context_;
  testing::ManualLog log_{1};
  FakeKeys keys_;
  FakeReads reads_;
  Writer writer_{context_, 0, 9, log_, kLog, clock_, 8s, metrics_, &keys_};
  api::Door door_{{}, verifier_, clock_, registry_, open_};
  Accounts accounts_;
  bool takes_ = true;
  core::Outcome outcome_;
  std::size_t settled_ = 0;
};

TEST_F(AccountsTest, OneIsWrittenWithAHashThatIsSealed) {
  const auto made = create();
  EXPECT_EQ(made.status, 201U) << made.body;
  EXPECT_THAT(made.body, Not(HasSubstr("argon2")));
  ASSERT_THAT(log_.records(0), SizeIs(1));
  EXPECT_THAT(log_.records(0)[0].value, Not(HasSubstr("argon2")));
  EXPECT_THAT(log_.records(0)[0].value, Not(HasSubstr("correct horse")));
  const auto command = written(0);
  EXPECT_EQ(command.user, kAnn);
  const auto& account = std::get<core::CreateAccount>(command.payload);
  EXPECT_EQ(account.name, "Ann");
  EXPECT_EQ(account.role, "NORMAL");
  EXPECT_TRUE(auth::fits_password(account.password_hash, "correct horse"));
}

TEST_F(AccountsTest, IsAnsweredWhenItCanBeLoggedInTo) {
  create();
  ASSERT_THAT(reads_.asked, SizeIs(2)) << "before it is made, and behind its place in the log";
  EXPECT_EQ(reads_.asked[0].min_next_offset(), 0U);
  EXPECT_EQ(reads_.asked[1].min_next_offset(), 1U);
  EXPECT_GT(reads_.asked[1].wait_ms(), 0U);
}

TEST_F(AccountsTest, OneThatIsThereCostsNoHashAndNoRecord) {
  there_is(kAnn, "another password");
  EXPECT_EQ(create().status, 409U);
  EXPECT_THAT(log_.records(0), IsEmpty());
  EXPECT_THAT(registry_.text(), HasSubstr("parley_password_seconds_count 0"));
}

TEST_F(AccountsTest, TheLogHasTheLastWord) {
  outcome_ = {.status = core::Status::Rejected, .code = core::Code::Conflict, .detail = "there is one"};
  EXPECT_EQ(create().status, 409U);
  EXPECT_THAT(registry_.text(), HasSubstr(R"(parley_account_requests_total{result="refused",what="create"} 1)"));
}

TEST_F(AccountsTest, NothingIsMadeWhenTheReadModelsOrTheLogAreAway) {
  reads_.broken = true;
  EXPECT_EQ(create().status, 503U);
  EXPECT_EQ(log_in(kAnn.text, "correct horse").status, 503U);
  reads_.broken = false;
  takes_ = false;
  EXPECT_EQ(create().status, 503U);
  EXPECT_THAT(log_.records(0), IsEmpty());
  EXPECT_THAT(registry_.text(), HasSubstr(R"(parley_account_requests_total{result="failed",what="create"} 2)"));
}

TEST_F(AccountsTest, ATokenIsGoodForAnHour) {
  there_is(kAnn, "correct horse");
  const auto given = log_in(kAnn.text, "correct horse");
  ASSERT_EQ(given.status, 201U) << given.body;
  const auto body = json::parse(given.body);
  const auto who = verifier_.verify(body.at("token").get<std::string>(), clock_.now_ms());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, kAnn);
  EXPECT_EQ(who->name, "Ann");
  EXPECT_FALSE(who->is_operator);
  EXPECT_EQ(who->expires_at_ms, clock_.now_ms() + 3'600'000);
  EXPECT_EQ(body.at("expires_at"), "2026-01-01T01:00:00.000Z");
}

// Whether there is an account, and whether its password can still be read, is not to be told from what is done.
TEST_F(AccountsTest, WhoeverIsRefusedIsRefusedAfterTheSameWork) {
  there_is(kAnn, "correct horse");
  auto& erased = reads_.accounts["erased@example.org"];
  erased.mutable_row()->set_role("NORMAL");
  std::vector<json> bodies;
  for (const auto* email : {"ann@example.org", "nobody@example.org", "erased@example.org"}) {
    const auto refused = log_in(email, "wrong password");
    EXPECT_EQ(refused.status, 401U) << email;
    bodies.push_back(json::parse(refused.body));
    bodies.back().erase("trace_id");
    EXPECT_EQ(bodies.back(), bodies.front());
  }
  EXPECT_THAT(registry_.text(), HasSubstr("parley_password_seconds_count 3"));
}

TEST_F(AccountsTest, NothingIsDoneBeforeTheServerIsOpen) {
  open_ = false;
  EXPECT_EQ(create().status, 503U);
  EXPECT_EQ(log_in(kAnn.text, "correct horse").status, 503U);
  EXPECT_THAT(reads_.asked, IsEmpty());
}

class FewAttempts : public AccountsTest {
 protected:
  FewAttempts() : AccountsTest({.attempts_per_email = 2, .attempts_per_address = 4, .passwords = {.cost = kCheap}}) {}
};

TEST_F(FewAttempts, OfAnAddressThatHasUsedUpItsOwnDoNotUseUpSomebodyElses) {
  for (const auto* email : {"a@x", "b@x", "c@x", "d@x"}) EXPECT_EQ(log_in(email, "wrong password").status, 401U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in(kAnn.text, "wrong password").status, 429U);
  there_is(kAnn, "correct horse");
  EXPECT_EQ(log_in(kAnn.text, "correct horse", "192.0.2.2").status, 201U);
}

TEST_F(FewAttempts, SayWhenToComeBack) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(log_in("Ann@example.org", "wrong password").status, 401U);
  const auto refused = log_in(kAnn.text, "correct horse");
  EXPECT_EQ(refused.status, 429U);
  const auto seconds = std::stoi(header(refused, "Retry-After"));
  EXPECT_GT(seconds, 25);
  EXPECT_LE(seconds, 30);
  EXPECT_EQ(create().status, 429U);
  EXPECT_THAT(registry_.text(), HasSubstr("parley_password_seconds_count 2"));
}

TEST_F(FewAttempts, OfACallFromInsideCountForTheUserAlone) {
  const auto log_in_inside = [this](const std::string& email) {
    const json body{{"email", email}, {"password", "wrong password"}};
    net::HttpRequest request{.method = "POST", .target = "/v1/accounts/token", .body = body.dump()};
    return answer_of(door_.dispatch(std::move(request), {}, runtime::TraceContext::make()));
  };
  for (const auto* email : {"a@x", "b@x", "c@x", "d@x", "e@x"}) EXPECT_EQ(log_in_inside(email).status, 401U);
  EXPECT_EQ(log_in_inside("a@x").status, 401U);
  EXPECT_EQ(log_in_inside("a@x").status, 429U);
}

TEST_F(FewAttempts, OfThoseWhoseAddressIsNotKnownCountTogether) {
  for (const auto* email : {"a@x", "b@x", "c@x", "d@x"}) EXPECT_EQ(log_in(email, "wrong password", "").status, 401U);
  EXPECT_EQ(log_in("e@x", "wrong password", "").status, 429U);
}

TEST(NoAccounts, AreToldOf) {
  const runtime::ManualClock clock{0};
  runtime::Metrics metrics;
  const auth::Verifier verifier{{.secret = kSecret}};
  const std::atomic<bool> open = true;
  api::Door door({}, verifier, clock, metrics, open);
  serve_no_accounts(door);
  for (const auto* target : {"/v1/accounts", "/v1/accounts/token"}) {
    boost::asio::io_context context;
    unsigned status = 0;
    boost::asio::co_spawn(context, door.handle({.method = "POST", .target = target}),
                          [&](const std::exception_ptr&, const net::HttpResponse& response) { status = response.status; });
    context.run();
    EXPECT_EQ(status, 501U) << target;
  }
}

}  // namespace
}  // namespace parley::ingest
