#include <gtest/gtest.h>

#include <future>
#include <list>
#include <mutex>
#include <thread>

#include "service/grpc_read_model_client.hpp"
#include "service/grpc_read_model_server.hpp"
#include "tests/unit/service/eventually.hpp"
#include "tests/unit/service/held_read_model.hpp"

namespace parley::service {
namespace {

using namespace std::chrono_literals;

SharedSecret secret(const std::string& text) { return SharedSecret::parse(text).value(); }

// A projector's process: its service and its listener.
class Projector {
 public:
  explicit Projector(ReadModel& model, ReadModelServiceOptions options = {})
      : service_(model, options), server_(secret("swordfish")), port_(server_.start("127.0.0.1:0", {&service_}).value()) {}

  [[nodiscard]] Peer peer(const std::string& presented = "swordfish") const {
    return {.target = "127.0.0.1:" + std::to_string(port_), .secret = secret(presented), .keepalive = {}};
  }
  void stop() { server_.stop(1s); }

 private:
  ReadModelService service_;
  GrpcServer server_;
  std::uint16_t port_;
};

std::future<pb::ReadResponse> ask(ReadModel& model, pb::ReadRequest request = {}) {
  auto promise = std::make_shared<std::promise<pb::ReadResponse>>();
  model.read(std::move(request), [promise](pb::ReadResponse response) { promise->set_value(std::move(response)); });
  return promise->get_future();
}

class GrpcReadModelTest : public testing::Test {
 protected:
  ~GrpcReadModelTest() override { model.release(); }

  HeldReadModel model;
  Projector server{model};
};

TEST_F(GrpcReadModelTest, RequestAndAnswerArriveWhole) {
  RemoteReadModel remote(server.peer());
  pb::ReadRequest request;
  request.set_partition(3);
  request.set_caller("ann");
  request.set_min_next_offset(17);
  request.set_wait_ms(250);
  request.mutable_get_messages()->set_before(9);
  pb::ReadResponse answer;
  answer.set_status(pb::READ_STATUS_OK);
  answer.set_next_offset(18);
  answer.mutable_messages()->add_messages()->set_row("bytes");
  model.answer_with(answer);

  const auto response = ask(remote, request).get();

  EXPECT_EQ(response.SerializeAsString(), answer.SerializeAsString());
  EXPECT_EQ(model.asked().at(0).SerializeAsString(), request.SerializeAsString());
}

TEST_F(GrpcReadModelTest, AnAnswerGivenAtOnceArrives) {
  struct AtOnce final : ReadModel {
    void read(pb::ReadRequest, Done done) override {
      pb::ReadResponse response;
      response.set_status(pb::READ_STATUS_NOT_FOUND);
      done(std::move(response));
    }
    pb::DescribeResponse describe() override { return {}; }
  } at_once;
  Projector quick(at_once);
  RemoteReadModel remote(quick.peer());

  EXPECT_EQ(ask(remote).get().status(), pb::READ_STATUS_NOT_FOUND);
}

TEST_F(GrpcReadModelTest, AnAnswerOfManyMegabytesPasses) {
  RemoteReadModel remote(server.peer());
  pb::ReadResponse answer;
  answer.set_status(pb::READ_STATUS_OK);
  answer.mutable_messages()->add_messages()->set_row(std::string(30 << 20, 'x'));
  model.answer_with(answer);

  EXPECT_EQ(ask(remote).get().messages().messages(0).row().size(), std::size_t{30} << 20);
}

TEST_F(GrpcReadModelTest, AnAnswerOverTheLimitIsAFault) {
  RemoteReadModel remote(server.peer());
  pb::ReadResponse answer;
  answer.mutable_messages()->add_messages()->set_row(std::string(33 << 20, 'x'));
  model.answer_with(answer);

  EXPECT_EQ(ask(remote).get().status(), pb::READ_STATUS_UNAVAILABLE);
}

TEST_F(GrpcReadModelTest, AServerThatIsNotThereIsUnavailableAtOnce) {
  server.stop();
  RemoteReadModel remote(server.peer(), {.patience = 60s});

  auto answered = ask(remote);

  ASSERT_EQ(answered.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(answered.get().status(), pb::READ_STATUS_UNAVAILABLE);
}

TEST_F(GrpcReadModelTest, AServerThatDoesNotAnswerIsUnavailableInTime) {
  model.hold();
  RemoteReadModel remote(server.peer(), {.patience = 50ms});
  pb::ReadRequest request;
  request.set_wait_ms(50);

  const auto asked_at = std::chrono::steady_clock::now();
  auto answered = ask(remote, request);

  ASSERT_EQ(answered.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(answered.get().status(), pb::READ_STATUS_UNAVAILABLE);
  EXPECT_GE(std::chrono::steady_clock::now() - asked_at, 100ms);
}

TEST_F(GrpcReadModelTest, TheWrongSecretGetsNothing) {
  RemoteReadModel remote(server.peer("guess"));
  EXPECT_EQ(ask(remote).get().status(), pb::READ_STATUS_UNAVAILABLE);
  EXPECT_TRUE(model.asked().empty());
  EXPECT_FALSE(remote.reachable());
}

TEST_F(GrpcReadModelTest, TheDescriptionFollowsTheOneItDescribes) {
  pb::DescribeResponse description;
  description.set_partitions(8);
  description.add_status()->set_next_offset(5);
  model.describe_as(description);
  RemoteReadModel remote(server.peer(), {.refresh_every = 5ms});

  EXPECT_TRUE(eventually([&] { return remote.describe().partitions() == 8; }));
  description.mutable_status(0)->set_next_offset(6);
  model.describe_as(description);
  EXPECT_TRUE(eventually([&] { return remote.describe().status(0).next_offset() == 6; }));
  EXPECT_TRUE(remote.reachable());

  server.stop();
  EXPECT_TRUE(eventually([&] { return !remote.reachable(); }));
  EXPECT_EQ(remote.describe().partitions(), 8U);
}

TEST_F(GrpcReadModelTest, BeforeTheFirstAnswerNothingIsDescribed) {
  server.stop();
  RemoteReadModel remote(server.peer());
  EXPECT_EQ(remote.describe().partitions(), 0U);
}

TEST_F(GrpcReadModelTest, OneReadTooManyIsUnavailable) {
  model.hold();
  Projector narrow(model, {.max_reads = 1});
  RemoteReadModel remote(narrow.peer());
  auto first = ask(remote);
  ASSERT_TRUE(eventually([&] { return model.asked().size() == 1; }));

  EXPECT_EQ(ask(remote).get().status(), pb::READ_STATUS_UNAVAILABLE);

  model.release();
  EXPECT_NE(first.get().status(), pb::READ_STATUS_UNAVAILABLE);
}

TEST_F(GrpcReadModelTest, AReaderKeepsItsOwnLimitToo) {
  model.hold();
  RemoteReadModel remote(server.peer(), {.max_reads = 4});
  std::list<std::future<pb::ReadResponse>> held;
  ASSERT_TRUE(eventually([&] {
    held.push_back(ask(remote));
    return held.back().wait_for(0s) == std::future_status::ready || held.back().wait_for(10ms) == std::future_status::ready;
  }));
  EXPECT_LE(held.size(), 5U);
  EXPECT_EQ(held.back().get().status(), pb::READ_STATUS_UNAVAILABLE);
  model.release();
}

TEST_F(GrpcReadModelTest, ItsDestructorWaitsForTheAnswers) {
  model.hold();
  auto remote = std::make_unique<RemoteReadModel>(server.peer());
  auto answered = ask(*remote);
  ASSERT_TRUE(eventually([&] { return model.asked().size() == 1; }));

  std::jthread destroyer([&] { remote.reset(); });
  model.release();
  destroyer.join();

  EXPECT_EQ(answered.wait_for(0s), std::future_status::ready);
}

}  // namespace
}  // namespace parley::service
