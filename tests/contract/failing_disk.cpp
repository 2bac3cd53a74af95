#include "tests/contract/failing_disk.hpp"

#include <rocksdb/file_system.h>

namespace parley::contract {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Fault = std::atomic<DiskFault>;

// As RocksDB reports ENOSPC.
IOStatus no_space() {
  auto status = IOStatus::NoSpace("the test's disk is full");
  status.SetRetryable(true);
  return status;
}

class FailingFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FailingFile(std::unique_ptr<FSWritableFile>&& file, Fault& fault)
      : FSWritableFileOwnerWrapper(std::move(file)), fault_(fault) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (fault_ == DiskFault::TornFull) {
      fault_ = DiskFault::Full;
      FSWritableFileOwnerWrapper::Append(Slice(data.data(), data.size() / 2), options, debug).PermitUncheckedError();
      return no_space();
    }
    if (fault_ == DiskFault::Full) return no_space();
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (fault_ == DiskFault::NoSync) return IOStatus::IOError("the test's disk does not sync");
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override { return Sync(options, debug); }

 private:
  Fault& fault_;
};

class FailingFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit FailingFileSystem(Fault& fault) : FileSystemWrapper(rocksdb::FileSystem::Default()), fault_(fault) {}
  [[nodiscard]] const char* Name() const override { return "FailingFileSystem"; }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options, std::unique_ptr<FSWritableFile>* file,
                           IODebugContext* debug) override {
    return failing(FileSystemWrapper::NewWritableFile(name, options, file, debug), file);
  }
  IOStatus ReuseWritableFile(const std::string& name, const std::string& old_name, const FileOptions& options,
                             std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override {
    return failing(FileSystemWrapper::ReuseWritableFile(name, old_name, options, file, debug), file);
  }

 private:
  IOStatus failing(IOStatus opened, std::unique_ptr<FSWritableFile>* file) {
    if (opened.ok()) *file = std::make_unique<FailingFile>(std::move(*file), fault_);
    return opened;
  }

  Fault& fault_;
};

}  // namespace

FailingDisk::FailingDisk() : env_(rocksdb::NewCompositeEnv(std::make_shared<FailingFileSystem>(fault_))) {}

}  // namespace parley::contract
