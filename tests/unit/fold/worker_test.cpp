#include "fold/worker.hpp"

#include <gmock/gmock.h>

#include "tests/support/manual_log.hpp"
#include "tests/unit/fold/faulty_store.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::fold {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class NotingPublisher final : public Publisher {
 public:
  void publish(const PartitionFold& fold, std::vector<Step> steps) override {
    for (const auto& step : steps) offsets.push_back(step.offset);
    stored_before_told = stored_before_told && fold.next() > offsets.back();
  }
  std::vector<eventlog::Offset> offsets;
  bool stored_before_told = true;
};

class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest() {
    fold_ = std::move(*PartitionFold::open(0, store_, kControl, nullptr));
    worker_ = std::make_unique<Worker>(log_, std::vector{fold_.get()}, &publisher_, WorkerOptions{.max_records = 2});
  }
  void add_profile(const std::string& name) {
    log_.add(record_of(sender_.command({"alice"}, core::SetProfile{.name = name}), 1));
  }
  void turn() { worker_->turn(0ms); }
  [[nodiscard]] const Progress& progress() const { return worker_->progress(0); }

  testing::TempDir dir_{testing::memory_directory()};
  std::unique_ptr<store::Store> real_ = open_store(dir_ / "store");
  FaultyStore store_{*real_};
  testing::ManualLog log_{1};
  NotingPublisher publisher_;
  std::unique_ptr<PartitionFold> fold_;
  std::unique_ptr<Worker> worker_;
  Sender sender_;
};

TEST_F(WorkerTest, PublishesWhatItFoldsInOrderOnceItIsStored) {
  for (const auto* name : {"A", "B", "C"}) add_profile(name);
  turn();
  EXPECT_THAT(publisher_.offsets, ElementsAre(0, 1));
  EXPECT_EQ(progress().next, 2U);
  turn();
  turn();
  EXPECT_THAT(publisher_.offsets, ElementsAre(0, 1, 2));
  EXPECT_TRUE(publisher_.stored_before_told);
  EXPECT_EQ(progress().next, 3U);
  EXPECT_EQ(progress().log_end, 3U);
}

TEST_F(WorkerTest, WritesAtOnceWhatCameInSeveralRuns) {
  log_.records_a_poll = 1;
  for (const auto* name : {"A", "B", "C"}) add_profile(name);
  turn();
  EXPECT_THAT(publisher_.offsets, ElementsAre(0, 1)) << "as many as it may";
  EXPECT_EQ(store_.writes, 1);
}

TEST_F(WorkerTest, RunsTasksBetweenBatchesInTheirOrder) {
  std::vector<std::string> done;
  for (const auto* name : {"A", "B", "C"}) add_profile(name);
  worker_->post([&] { done.push_back("before " + std::to_string(fold_->next())); });
  turn();
  worker_->post([&] { done.push_back("one at " + std::to_string(fold_->next())); });
  worker_->post([&] { done.push_back("two at " + std::to_string(fold_->next())); });
  turn();
  EXPECT_THAT(done, ElementsAre("before 0", "one at 2", "two at 2"));
}

TEST_F(WorkerTest, OnceItHasStoppedTasksRunWhereTheyArePosted) {
  worker_->start();
  worker_->stop();
  std::vector<std::string> done;
  worker_->post([&] {
    done.push_back("one");
    worker_->post([&] { done.push_back("two"); });
  });
  EXPECT_THAT(done, ElementsAre("one", "two"));
}

TEST_F(WorkerTest, ATaskMayPostAnother) {
  bool done = false;
  worker_->post([&] { worker_->post([&] { done = true; }); });
  turn();
  turn();
  EXPECT_TRUE(done);
}

TEST_F(WorkerTest, IsUnhealthyAsLongAsTheLogCanNotBeReadAndNoLonger) {
  log_.read_error = eventlog::ReadError::Unavailable;
  turn();
  EXPECT_FALSE(worker_->healthy());
  log_.read_error.reset();
  turn();
  EXPECT_TRUE(worker_->healthy()) << "though there was nothing to read";
}

TEST_F(WorkerTest, AsksAStoreThatRefusesAgainUntilItTakesTheBatch) {
  for (const auto* name : {"A", "B"}) add_profile(name);
  store_.failing_writes = 1;
  turn();
  EXPECT_THAT(publisher_.offsets, ElementsAre(0, 1));
  EXPECT_EQ(progress().next, 2U);
  EXPECT_EQ(store_.writes, 2);
  EXPECT_TRUE(worker_->healthy());
}

TEST_F(WorkerTest, LeavesAStoreThatRefusesWhenItIsStopped) {
  add_profile("A");
  store_.failing_writes = 1'000'000;
  worker_->stop();
  turn();
  EXPECT_FALSE(worker_->healthy());
  EXPECT_EQ(progress().next, 0U);
  EXPECT_THAT(publisher_.offsets, ElementsAre());
}

TEST_F(WorkerTest, RunsWhatWasPostedBeforeItIsStopped) {
  bool done = false;
  worker_->post([&] { done = true; });
  worker_->start();
  worker_->stop();
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace parley::fold
