// SFTPBackend: writing, deleting, moving, copying.
#include <algorithm>
#include <atomic>
#include <regex>
#include <thread>

#include "client/backend_fixture.h"

using namespace hawser;
using namespace hawser::client;
using test::BackendFixture;
using test::BreakingStream;
using test::pattern;
using test::thrown;

namespace {

using Names = std::vector<std::string>;
const WriteOptions overwrite{.overwrite = true, .metadata = {}};

// The two ways of writing, for what both must do.
using Write = WriteResult (*)(SFTPBackend&, std::string_view key, Bytes content, const WriteOptions& options);
WriteResult in_place(SFTPBackend& b, std::string_view key, Bytes content, const WriteOptions& o) {
  return b.write(key, content, o);
}
WriteResult atomically(SFTPBackend& b, std::string_view key, Bytes content, const WriteOptions& o) {
  return b.write_atomic(key, content, o);
}

}  // namespace

TEST_CASE("[BE-008, BE-010, SFTP-012, WR-001] writing creates folders, tells size and time, and refuses to replace") {
  for (const Write write : {in_place, atomically}) {
    BackendFixture fixture;
    SFTPBackend backend(fixture.options());
    const WriteResult result = write(backend, "a/b/c.txt", as_bytes("hello"), {});
    CHECK(result.path == RemotePath("a/b/c.txt"));
    CHECK(result.size == 5);
    CHECK(result.source == WriteResult::Source::native);
    CHECK(result.last_modified.has_value());
    CHECK(fixture.get("a/b/c.txt") == "hello");
    CHECK(thrown<AlreadyExists>([&] { write(backend, "a/b/c.txt", as_bytes("x"), {}); }).path() == "a/b/c.txt");
    CHECK(fixture.get("a/b/c.txt") == "hello");
    write(backend, "a/b/c.txt", as_bytes("new"), overwrite);
    CHECK(fixture.get("a/b/c.txt") == "new");
    write(backend, "empty", {}, {});
    CHECK(fixture.names() == Names{"a", "a/b", "a/b/c.txt", "empty"});
  }
}

TEST_CASE("[BE-008] a folder, the root, a file on the way: InvalidPath, and nothing is written") {
  for (const Write write : {in_place, atomically}) {
    BackendFixture fixture;
    fixture.put("d/f", "x");
    SFTPBackend backend(fixture.options());
    for (const char* key : {"d", "d/f/below", "d/f/far/below", "", ".", "./", ".//", "./.", "/", "../x"}) {
      CAPTURE(key);
      CHECK(thrown<InvalidPath>([&] { write(backend, key, as_bytes("y"), {}); }).path() == key);
      CHECK_THROWS_AS(write(backend, key, as_bytes("y"), overwrite), InvalidPath);
    }
    CHECK(fixture.names() == Names{"d", "d/f"});
    CHECK(fixture.get("d/f") == "x");
  }
}

TEST_CASE("[WR-003, SIO-003] a large stream is written from where it stands") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  const std::string content = pattern(20'000'000);
  MemoryReadStream stream(as_bytes(content));
  stream.seek(1'000'001);
  CHECK(backend.write("big", stream).size == content.size() - 1'000'001);
  CHECK((fixture.get("big") == content.substr(1'000'001)));
  CHECK((backend.read_bytes("big") == to_vector(as_bytes(content).subspan(1'000'001))));
}

TEST_CASE("[SFTP-014, AW-003, SAW-001] an atomic write is seen whole or not at all, and leaves nothing behind") {
  BackendFixture fixture;
  fixture.put("d/x", "old");
  SFTPBackend backend(fixture.options());
  BreakingStream broken;
  CHECK_THROWS_WITH(backend.write_atomic("d/x", broken, overwrite), "the source broke");
  BreakingStream broken_too;
  CHECK_THROWS_WITH(backend.write_atomic("d/y", broken_too), "the source broke");
  CHECK(fixture.names() == Names{"d", "d/x"});
  CHECK(fixture.get("d/x") == "old");
  {
    const std::unique_ptr<AtomicWriter> writer = backend.open_atomic("d/x", overwrite);
    writer->write(as_bytes("half"));
    CHECK(writer->tell() == 4);
    const Names names = fixture.names();
    REQUIRE(names.size() == 3);
    CHECK(std::regex_match(names[1], std::regex(R"(d/\.~tmp\.x\.[0-9a-f]{8})")));
    CHECK(fixture.get("d/x") == "old");
  }
  CHECK(fixture.names() == Names{"d", "d/x"});
  const std::unique_ptr<AtomicWriter> writer = backend.open_atomic("d/x", overwrite);
  writer->write(as_bytes("new"));
  CHECK(writer->commit().size == 3);
  CHECK_THROWS_AS(writer->write(as_bytes("more")), RemoteStoreError);
  CHECK_THROWS_AS(writer->commit(), RemoteStoreError);
  CHECK(fixture.get("d/x") == "new");
  CHECK(fixture.names() == Names{"d", "d/x"});
}

TEST_CASE("[SFTP-014] the temporary name of a long name still fits") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  const std::string longest(255, 'n');
  backend.write_atomic(longest, as_bytes("x"));
  CHECK(fixture.names() == Names{longest});
}

TEST_CASE("[SFTP-014, AW-003, SFTP-018] without posix-rename an old file is displaced, never removed first") {
  BackendFixture fixture({"posix-rename"});
  fixture.put("x", "old");
  fixture.put("y", "other");
  SFTPBackend backend(fixture.options());
  CHECK_THROWS_AS(backend.write_atomic("x", as_bytes("new")), AlreadyExists);
  backend.write_atomic("x", as_bytes("new"), overwrite);
  CHECK(fixture.get("x") == "new");
  backend.move("y", "x", true);
  CHECK(fixture.get("x") == "other");
  CHECK(fixture.names() == Names{"x"});
}

TEST_CASE("[SFTP-018, AW-003] where nothing may be renamed an atomic write fails and leaves the old file") {
  BackendFixture fixture({"posix-rename", "rename"});
  fixture.put("x", "old");
  SFTPBackend backend(fixture.options());
  CHECK_THROWS_AS(backend.write_atomic("x", as_bytes("new"), overwrite), PermissionDenied);
  CHECK(fixture.get("x") == "old");
  CHECK(fixture.names() == Names{"x"});
}

TEST_CASE("[SFTP-014] an atomic write whose connection dies is BackendUnavailable, and the backend goes on") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  const std::unique_ptr<AtomicWriter> writer = backend.open_atomic("x");
  fixture.cut();
  CHECK_THROWS_AS(
      {
        writer->write(as_bytes("y"));
        writer->commit();
      },
      BackendUnavailable);
  CHECK_FALSE(backend.exists("x"));
}

TEST_CASE("[BE-012] deleting files") {
  BackendFixture fixture;
  fixture.put("d/f", "x");
  std::filesystem::create_directory_symlink("d", fixture.path("link"));
  SFTPBackend backend(fixture.options());
  for (const char* key : {"missing", "d/f/below"}) {
    CAPTURE(key);
    CHECK_THROWS_AS(backend.delete_(key), NotFound);
    CHECK_NOTHROW(backend.delete_(key, true));
  }
  for (const char* key : {"d", "", "/"}) {
    CAPTURE(key);
    CHECK_THROWS_AS(backend.delete_(key), InvalidPath);
    CHECK_THROWS_AS(backend.delete_(key, true), InvalidPath);
  }
  backend.delete_("link");
  backend.delete_("d/f");
  CHECK(fixture.names() == Names{"d"});
}

TEST_CASE("[BE-013, SFTP-016, SFTP-017] deleting folders; links inside are removed, not followed") {
  BackendFixture fixture;
  fixture.put("d/f", "x");
  fixture.put("d/s/t/g", "x");
  fixture.put("keep/h", "x");
  std::filesystem::create_directory(fixture.path("empty"));
  std::filesystem::create_directory_symlink("../keep", fixture.path("d/link"));
  SFTPBackend backend(fixture.options());
  CHECK(thrown<DirectoryNotEmpty>([&] { backend.delete_folder("d"); }).path() == "d");
  CHECK_THROWS_AS(backend.delete_folder("missing"), NotFound);
  CHECK_NOTHROW(backend.delete_folder("missing", false, true));
  CHECK_THROWS_AS(backend.delete_folder("missing", true), NotFound);
  CHECK_THROWS_AS(backend.delete_folder("d/f", true, true), InvalidPath);
  CHECK_THROWS_AS(backend.delete_folder("", true), InvalidPath);
  backend.delete_folder("empty");
  backend.delete_folder("d", true);
  CHECK(fixture.names() == Names{"keep", "keep/h"});
}

TEST_CASE("[BE-018, BE-019] moving and copying are judged in one order") {
  for (const bool moving : {true, false}) {
    CAPTURE(moving);
    BackendFixture fixture;
    fixture.put("f", "F");
    fixture.put("g", "G");
    fixture.put("d/x", "X");
    SFTPBackend backend(fixture.options());
    const auto go = [&](std::string_view from, std::string_view to, bool replace = false) {
      moving ? backend.move(from, to, replace) : backend.copy(from, to, replace);
    };
    CHECK(thrown<InvalidPath>([&] { go("", "y"); }).path() == "");
    for (const char* root : {"", ".", "./", ".//", "./.", "/"}) CHECK_THROWS_AS(go("missing", root), InvalidPath);
    CHECK(thrown<NotFound>([&] { go("missing", "g/below"); }).path() == "missing");
    CHECK_THROWS_AS(go("missing", "d"), NotFound);
    CHECK_THROWS_AS(go("missing", "missing"), NotFound);
    CHECK(thrown<InvalidPath>([&] { go("d", "y"); }).path() == "d");
    CHECK_THROWS_AS(go("f", "d"), InvalidPath);
    CHECK_THROWS_AS(go("f", "d", true), InvalidPath);
    CHECK_THROWS_AS(go("f", "g/below"), InvalidPath);
    CHECK_THROWS_AS(go("f", "g"), AlreadyExists);
    CHECK_NOTHROW(go("f", "/f"));
    CHECK(fixture.get("f") == "F");
    CHECK(fixture.get("g") == "G");
    go("f", "new/deep/f");
    CHECK(fixture.get("new/deep/f") == "F");
    CHECK(fixture.has("f") != moving);
    go("new/deep/f", "g", true);
    CHECK(fixture.get("g") == "F");
    CHECK(fixture.has("new/deep/f") != moving);
    for (const std::string& name : fixture.names()) CHECK(name.find('~') == std::string::npos);
  }
}

TEST_CASE("[SFTP-019] a copy is equal, with and without the copy extension, also onto a link to its source") {
  for (const std::vector<std::string>& denied : {std::vector<std::string>{}, std::vector<std::string>{"copy-data"}}) {
    BackendFixture fixture(denied);
    const std::string content = pattern(9'000'000);
    fixture.put("f", content);
    std::filesystem::create_symlink("f", fixture.path("link"));
    SFTPBackend backend(fixture.options());
    backend.copy("f", "g");
    CHECK((fixture.get("g") == content));
    backend.copy("f", "link", true);
    CHECK((fixture.get("f") == content));
    CHECK((fixture.get("link") == content));
    CHECK(fixture.names() == Names{"f", "g", "link"});
  }
}

TEST_CASE("[ERR-004, SFTP-021] what the server refuses is PermissionDenied") {
  BackendFixture fixture({"remove", "mkdir", "open"});
  fixture.put("f", "x");
  SFTPBackend backend(fixture.options());
  CHECK(thrown<PermissionDenied>([&] { backend.delete_("f"); }).backend() == "sftp");
  CHECK_THROWS_AS(backend.write("g", as_bytes("x")), PermissionDenied);
  CHECK(thrown<PermissionDenied>([&] { backend.read("f"); }).path() == "f");
  CHECK(fixture.has("f"));
}

TEST_CASE("[BE-028, SFTP-029] 32 threads share one backend, and each sees what it has done") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  backend.write("shared", as_bytes(std::string(50'000, 'a')));
  std::atomic<int> good = 0;
  const auto work = [&](int number) {
    const std::string own = "t" + std::to_string(number) + "/";
    const std::string content = pattern(static_cast<std::size_t>(number * 3'000 + 1));
    const auto holds = [&](const std::string& key) { return backend.read_bytes(key) == to_vector(as_bytes(content)); };
    backend.write(own + "deep/a", as_bytes(content));
    good += holds(own + "deep/a");
    backend.write_atomic("shared", as_bytes(std::string(50'000, static_cast<char>('a' + number))), overwrite);
    backend.copy(own + "deep/a", own + "b");
    backend.move(own + "b", own + "c");
    good += holds(own + "c") && !backend.exists(own + "b");
    const ByteVector shared = backend.read("shared")->read_all();
    good += shared.size() == 50'000 && std::ranges::count(shared, shared[0]) == 50'000;  // whole, whoever wrote it
    good += backend.list_files(own, {.recursive = true, .max_depth = {}}).size() == 2;
    backend.delete_(own + "c");
    good += !backend.is_file(own + "c") && backend.get_folder_info(own).file_count == 1;
  };
  constexpr int threads = 32;
  std::vector<std::thread> all;
  for (int number = 0; number < threads; ++number) all.emplace_back(work, number);
  for (std::thread& thread : all) thread.join();
  CHECK(good == threads * 5);
  CHECK(fixture.connections_so_far() == 1);
  CHECK(backend.list_files("", {.recursive = true, .max_depth = {}}).size() == threads + 1);
}

TEST_CASE("[SFTP-022] of several who write one new file at once, one succeeds") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  for (const Write write : {in_place, atomically}) {
    std::atomic<int> won = 0;
    std::atomic<int> lost = 0;
    std::vector<std::thread> all;
    const std::string key = write == in_place ? "deep/new/a" : "deep/new/b";
    for (int t = 0; t < 6; ++t) {
      all.emplace_back([&] {
        try {
          write(backend, key, as_bytes("x"), {});
          ++won;
        } catch (const AlreadyExists&) {
          ++lost;
        }
      });
    }
    for (std::thread& thread : all) thread.join();
    CHECK(won == 1);
    CHECK(lost == 5);
  }
  CHECK(fixture.names() == Names{"deep", "deep/new", "deep/new/a", "deep/new/b"});
}
