#include "search/index.hpp"

#include <xapian.h>

#include "search/attempt.hpp"
#include "search/progress.hpp"
#include "search/terms.hpp"

namespace parley::search {
namespace {

namespace fs = std::filesystem;

// What an index is to be remade for when it changes.
std::string format_of(const std::string& language) { return "1 " + language; }

fs::path beside(const fs::path& dir, const char* suffix) { return dir.string() + suffix; }

class XapianIndex final : public Index {
 public:
  XapianIndex(fs::path dir, const std::string& language, std::function<void()> between)
      : dir_(std::move(dir)), format_(format_of(language)), between_(std::move(between)) {
    generator_.set_stemmer(Xapian::Stem(language));
    generator_.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
  }

  Result<void> open() {
    return attempt([&]() -> Result<void> {
      for (const auto* left : {".new", ".old"}) fs::remove_all(beside(dir_, left));
      if (!fs::exists(dir_)) make();
      db_ = Xapian::WritableDatabase(dir_.string(), Xapian::DB_OPEN | Xapian::DB_BACKEND_GLASS);
      const auto format = db_.get_metadata(kFormatKey);
      if (format.empty() && db_.get_doccount() == 0) return {};
      progress_ = parse_progress(db_.get_metadata(kProgressKey));
      if (format == format_ && progress_) return {};
      return std::unexpected(Error{ErrorKind::Damaged, "it was made by another version, or for another language"});
    });
  }

  [[nodiscard]] const std::optional<Progress>& progress() const override { return progress_; }

  Result<void> write(const Batch& batch, const Progress& progress) override {
    return attempt([&]() -> Result<void> {
      db_.begin_transaction();
      for (const auto& message : batch.removed) db_.delete_document(message_term(message));
      for (const auto& document : batch.put) {
        put(document, batch.all_new);
        if (between_) between_();
      }
      set_progress(progress);
      db_.commit_transaction();
      progress_ = progress;
      return {};
    });
  }

  Result<std::size_t> remove_channel(const core::ChannelId& channel, std::size_t at_most) override {
    return attempt([&]() -> Result<std::size_t> {
      std::vector<Xapian::docid> found;
      const auto term = channel_term(channel);
      for (auto it = db_.postlist_begin(term); it != db_.postlist_end(term) && found.size() < at_most; ++it)
        found.push_back(*it);
      if (found.empty()) return 0;
      db_.begin_transaction();
      for (const auto id : found) db_.delete_document(id);
      db_.commit_transaction();
      return found.size();
    });
  }

  Result<void> purge() override {
    return attempt([&]() -> Result<void> {
      db_.compact(beside(dir_, ".new").string(), Xapian::Compactor::STANDARD);
      db_.close();
      fs::rename(dir_, beside(dir_, ".old"));
      fs::rename(beside(dir_, ".new"), dir_);
      fs::remove_all(beside(dir_, ".old"));
      if (auto opened = open(); !opened) return opened;
      auto progress = progress_.value_or(Progress{});
      progress.purge = false;
      return write({}, progress);
    });
  }

 private:
  // Beside its place, so that nobody ever finds it half made.
  void make() const {
    const auto made = beside(dir_, ".new");
    Xapian::WritableDatabase(made.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS).close();
    fs::rename(made, dir_);
  }

  void put(const Document& document, bool is_new) {
    const auto& [message, author, posted_at, text] = document;
    Xapian::Document made;
    generator_.set_document(made);
    generator_.set_termpos(0);
    generator_.index_text(text);
    const auto unique = message_term(message);
    for (const auto& term : {unique, channel_term(message.channel), author_term(author)}) made.add_boolean_term(term);
    made.add_value(kPostedAt, time_value(posted_at));
    made.add_value(kPlace, place_of(message));
    made.add_value(kChannelMark, channel_mark(message.channel));
    is_new ? db_.add_document(made) : db_.replace_document(unique, made);
  }

  void set_progress(const Progress& progress) {
    db_.set_metadata(kFormatKey, format_);
    db_.set_metadata(kProgressKey, text_of(progress));
  }

  fs::path dir_;
  std::string format_;
  std::function<void()> between_;
  Xapian::TermGenerator generator_;
  Xapian::WritableDatabase db_;
  std::optional<Progress> progress_;
};

}  // namespace

Result<std::unique_ptr<Index>> Index::open(const fs::path& dir, const std::string& language, std::function<void()> between) {
  auto index = std::make_unique<XapianIndex>(dir, language, std::move(between));
  if (auto opened = index->open(); !opened) return std::unexpected(opened.error());
  return index;
}

Result<void> Index::remove(const fs::path& dir) {
  return attempt([&]() -> Result<void> {
    const auto old = beside(dir, ".old");
    fs::remove_all(old);
    if (fs::exists(dir)) fs::rename(dir, old);
    fs::remove_all(old);
    return {};
  });
}

}  // namespace parley::search
