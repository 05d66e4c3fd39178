// Files that appear as a whole or not at all.
#pragma once

#include <stdexcept>

#include "support/backend_suite/subject.h"

namespace hawser::test {

// Content that fails after its first bytes, with an exception that no Backend knows.
class FailingContent final : public client::ReadStream {
 public:
  struct Failure {};
  explicit FailingContent(std::size_t good) : good_(good) {}
  std::size_t read(MutableBytes into) override {
    if (position_ == good_) throw Failure();
    const std::size_t count = std::min(into.size(), good_ - position_);
    position_ += count;
    return count;
  }
  std::uint64_t tell() const override { return position_; }
  void close() override {}

 private:
  std::size_t good_;
  std::size_t position_ = 0;
};

inline const std::vector<BackendCase>& atomic_cases() {
  static const std::vector<BackendCase> cases{
      {"[AW-001, AW-004, SFTP-014, SAW-009] atomic: content that fails leaves the target as it was, and no file "
       "anywhere",
       [](const BackendSubject& s) {
         s.put("d/old", "old");
         for (const std::size_t good : {0, 1, 70'000, 2'000'000}) {
           CAPTURE(good);
           FailingContent content(good);
           CHECK_THROWS_AS(s.backend.write_atomic("d/old", content, replacing()), FailingContent::Failure);
           FailingContent again(good);
           CHECK_THROWS_AS(s.backend.write_atomic("d/new", again), FailingContent::Failure);
         }
         CHECK(s.files() == Names{"d/old"});
         CHECK(s.get("d/old") == "old");
       }},
      {"[SAW-001, SAW-003, SAW-013, AW-001] atomic: a writer shows nothing before it commits, and tells how much it "
       "has",
       [](const BackendSubject& s) {
         s.put("d/x", "old");
         const std::unique_ptr<client::AtomicWriter> writer = s.backend.open_atomic("d/x", replacing());
         CHECK(writer->tell() == 0);
         writer->write(as_bytes("ne"));
         CHECK(s.get("d/x") == "old");
         writer->write(as_bytes("w"));
         CHECK(writer->tell() == 3);
         const client::WriteResult result = writer->commit();
         CHECK(result.size == 3);
         CHECK(result.path.text() == "d/x");
         CHECK(s.get("d/x") == "new");
         CHECK(s.files() == Names{"d/x"});
         s.ends(Outcome::other_error, "d/x", [&] { writer->write(as_bytes("more")); });
         s.ends(Outcome::other_error, "d/x", [&] { writer->commit(); });
         CHECK(s.get("d/x") == "new");
       }},
      {"[SAW-004, SAW-005] atomic: a writer that is dropped leaves nothing",
       [](const BackendSubject& s) {
         s.put("d/x", "old");
         {
           const std::unique_ptr<client::AtomicWriter> changed = s.backend.open_atomic("d/x", replacing());
           const std::unique_ptr<client::AtomicWriter> fresh = s.backend.open_atomic("d/y");
           changed->write(as_bytes("half"));
           fresh->write(as_bytes("half"));
         }
         CHECK(s.files() == Names{"d/x"});
         CHECK(s.get("d/x") == "old");
       }},
      {"[SAW-009] atomic: the caller's own exception passes a writer unchanged",
       [](const BackendSubject& s) {
         const auto use = [&] {
           const std::unique_ptr<client::AtomicWriter> writer = s.backend.open_atomic("x");
           writer->write(as_bytes("half"));
           throw FailingContent::Failure();
         };
         CHECK_THROWS_AS(use(), FailingContent::Failure);
         CHECK(s.files().empty());
       }},
      {"[AW-003, SAW-006] atomic: a file that somebody else has made meanwhile is not replaced unasked",
       [](const BackendSubject& s) {
         const std::unique_ptr<client::AtomicWriter> writer = s.backend.open_atomic("x");
         writer->write(as_bytes("mine"));
         s.put("x", "theirs");
         s.ends(Outcome::already_exists, "x", [&] { writer->commit(); });
         CHECK(s.get("x") == "theirs");
       }},
      {"[AW-007] atomic: what is written in place may stay in part",
       [](const BackendSubject& s) {
         FailingContent content(1000);
         CHECK_THROWS_AS(s.backend.write("x", content), FailingContent::Failure);
         const Names files = s.files();
         CHECK((files.empty() || files == Names{"x"}));
       }},
  };
  return cases;
}

}  // namespace hawser::test
