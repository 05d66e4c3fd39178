// SFTPBackend when the line is cut, at each message of each operation, and when the server falls silent.
#include <algorithm>
#include <atomic>

#include "client/tapped_server.h"
#include "support/backend_suite/subject.h"

using namespace hawser;
using namespace hawser::client;
using namespace std::chrono_literals;
using test::BackendSubject;
using test::Outcome;
using test::TappedMessage;
using test::TappedRig;

namespace {

// More than one WRITE each.
const std::string old_content(100'000, 'o');
const std::string new_content(150'000, 'n');

struct Operation {
  std::string name;
  // Outside of CHECK, which would catch what is thrown.
  void (*run)(SFTPBackend& backend);
  // What may be there afterwards; `done`: the operation returned.
  void (*check)(const BackendSubject& s, bool done);
};

bool is_start_of(const std::string& part, const std::string& whole) { return whole.starts_with(part); }

// No operation but the one in question has touched these.
void prepare(const BackendSubject& s) {
  if (s.backend.exists("d")) s.backend.delete_folder("d", true);
  s.put("d/x", old_content);
  s.put("d/sub/y", "y");
}

void check_unchanged(const BackendSubject& s, bool) {
  CHECK(s.files() == test::Names{"d/sub/y", "d/x"});
  CHECK((s.get("d/x") == old_content));
}

void check_atomic(const BackendSubject& s, bool done) {
  const std::string now = s.get("d/x");
  CHECK((now == new_content || (!done && now == old_content)));
}

const Operation operations[] = {
    {"read",
     [](SFTPBackend& b) {
       const ByteVector got = b.read("d/x")->read_all();
       CHECK((as_text(got) == old_content));
     },
     check_unchanged},
    {"read_bytes",
     [](SFTPBackend& b) {
       const ByteVector got = b.read_bytes("d/x");
       CHECK((as_text(got) == old_content));
     },
     check_unchanged},
    {"list_files",
     [](SFTPBackend& b) {
       const std::size_t count = b.list_files("", test::recursively()).size();
       CHECK(count == 2);
     },
     check_unchanged},
    {"iter_children",
     [](SFTPBackend& b) {
       const std::size_t count = b.iter_children("d").size();
       CHECK(count == 2);
     },
     check_unchanged},
    {"get_file_info",
     [](SFTPBackend& b) {
       const std::uint64_t size = b.get_file_info("d/x").size;
       CHECK(size == old_content.size());
     },
     check_unchanged},
    {"get_folder_info",
     [](SFTPBackend& b) {
       const std::uint64_t count = b.get_folder_info("d").file_count;
       CHECK(count == 2);
     },
     check_unchanged},
    {"write",
     [](SFTPBackend& b) {
       const std::uint64_t size = b.write("d/far/away/z", as_bytes(new_content)).size;
       CHECK(size == new_content.size());
     },
     [](const BackendSubject& s, bool done) {
       const bool there = s.backend.exists("d/far/away/z");
       CHECK((there || !done));
       if (there) CHECK((is_start_of(s.get("d/far/away/z"), new_content)));
       if (done) CHECK((s.get("d/far/away/z") == new_content));
       CHECK((s.get("d/x") == old_content));
     }},
    {"write_atomic", [](SFTPBackend& b) { b.write_atomic("d/x", as_bytes(new_content), test::replacing()); },
     check_atomic},
    {"write_atomic of a new file", [](SFTPBackend& b) { b.write_atomic("d/z", as_bytes(new_content)); },
     [](const BackendSubject& s, bool done) {
       const bool there = s.backend.exists("d/z");
       CHECK((there || !done));
       if (there) CHECK((s.get("d/z") == new_content));
     }},
    {"move", [](SFTPBackend& b) { b.move("d/x", "d/far/z"); },
     [](const BackendSubject& s, bool done) {
       const bool source = s.backend.exists("d/x");
       const bool target = s.backend.exists("d/far/z");
       CHECK((source || target));
       CHECK((target || !done));
       if (target && !source) CHECK((s.get("d/far/z") == old_content));
       if (source) CHECK((s.get("d/x") == old_content));
     }},
    {"copy", [](SFTPBackend& b) { b.copy("d/x", "d/z"); },
     [](const BackendSubject& s, bool done) {
       CHECK((s.get("d/x") == old_content));
       const bool there = s.backend.exists("d/z");
       CHECK((there || !done));
       if (there) CHECK((is_start_of(s.get("d/z"), old_content)));
       if (done) CHECK((s.get("d/z") == old_content));
     }},
    {"delete_", [](SFTPBackend& b) { b.delete_("d/x"); },
     [](const BackendSubject& s, bool done) { CHECK((!done || !s.backend.exists("d/x"))); }},
    {"delete_folder", [](SFTPBackend& b) { b.delete_folder("d", true); },
     [](const BackendSubject& s, bool done) { CHECK((!done || !s.backend.exists("d"))); }},
};

// Runs an operation once for each message that it sends or receives, and cuts the line there.
void cut_everywhere(TappedRig& rig, const Operation& operation, bool requests) {
  SFTPBackend backend(rig.options());
  const BackendSubject subject(backend);
  for (int at = 0, fired = 1; fired != 0; ++at) {
    CAPTURE(at);
    REQUIRE(at < 200);
    prepare(subject);
    std::atomic<int> passed = 0;
    std::atomic<int> cut = 0;
    rig.ssh->set_tap([&](TappedMessage& message) {
      if (message.request != requests || passed++ != at) return;
      message.cut = true;
      ++cut;
    });
    const test::Ended ended = test::ending_of([&] { operation.run(backend); }, "sftp");
    rig.ssh->set_tap(nullptr);
    CHECK((ended.outcome == Outcome::done || ended.outcome == Outcome::unavailable));
    operation.check(subject, ended.outcome == Outcome::done);
    fired = cut;
  }
}

}  // namespace

TEST_CASE(
    "[SFTP-010, SFTP-014, SFTP-024, AW-001] a cut before any request is a documented end, and the next call works") {
  TappedRig rig;
  for (const Operation& operation : operations) {
    CAPTURE(operation.name);
    cut_everywhere(rig, operation, true);
  }
}

TEST_CASE(
    "[SFTP-010, SFTP-014, SFTP-024, AW-001] a cut before any reply is a documented end, and the next call works") {
  TappedRig rig;
  for (const Operation& operation : operations) {
    CAPTURE(operation.name);
    cut_everywhere(rig, operation, false);
  }
}

TEST_CASE(
    "[AW-003, SFTP-014, SFTP-018] without posix-rename a cut leaves the old file, the new one, or the old one aside") {
  const Operation displacing{
      "write_atomic", [](SFTPBackend& b) { b.write_atomic("d/x", as_bytes(new_content), test::replacing()); },
      [](const BackendSubject& s, bool done) {
        if (s.backend.exists("d/x")) return check_atomic(s, done);
        CHECK_FALSE(done);
        bool kept = false;
        for (const FileInfo& file : s.backend.list_files("d")) {
          kept = kept || (file.name.starts_with(".~bak.x.") && s.get(file.path.text()) == old_content);
        }
        CHECK(kept);
      }};
  for (const bool requests : {true, false}) {
    TappedRig rig({"posix-rename"});
    cut_everywhere(rig, displacing, requests);
  }
}

TEST_CASE(
    "[SFTP-030, SFTP-010] silence ends an operation once: nothing more is asked on that line, and the next call "
    "works") {
  TappedRig rig;
  SFTPBackend patient(rig.options());
  SFTPBackendOptions options = rig.options();
  options.io_timeout = 1s;
  SFTPBackend backend(options);
  for (const char* name : {"read", "write_atomic", "move", "delete_folder"}) {
    CAPTURE(name);
    const Operation& operation =
        *std::ranges::find_if(operations, [&](const Operation& one) { return std::string_view(one.name) == name; });
    prepare(BackendSubject(patient));
    REQUIRE(backend.exists("d/x"));
    std::atomic<int> asked = 0;
    rig.ssh->set_tap([&](TappedMessage& message) {
      if (!message.request || message.type == sftp::Close::number) return;
      ++asked;
      message.onward.clear();
    });
    const std::size_t before = rig.connections_so_far();
    try {
      operation.run(backend);
      FAIL("nobody answered");
    } catch (const BackendUnavailable& error) {
      CHECK(error.reason() == Errc::timed_out);
    }
    rig.ssh->set_tap(nullptr);
    CHECK(asked == 1);
    CHECK(rig.connections_so_far() == before);
    operation.check(BackendSubject(backend), false);
  }
}
