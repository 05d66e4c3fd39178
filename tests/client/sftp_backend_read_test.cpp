// SFTPBackend: looking, reading, listing.
#include <sys/stat.h>

#include "client/backend_fixture.h"

using namespace hawser;
using namespace hawser::client;
using test::BackendFixture;
using test::pattern;
using test::thrown;

namespace {

std::vector<std::string> paths(const std::vector<FileInfo>& files) {
  std::vector<std::string> all;
  for (const FileInfo& file : files) all.push_back(file.path.text());
  std::ranges::sort(all);
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("[BE-004, BE-005, SFTP-011, SFTP-013] exists, is_file, is_folder") {
  BackendFixture fixture;
  fixture.put("d/f", "x");
  std::filesystem::create_directory(fixture.path("empty"));
  std::filesystem::create_symlink("d/f", fixture.path("to_file"));
  std::filesystem::create_symlink("d", fixture.path("to_folder"));
  std::filesystem::create_symlink("nowhere", fixture.path("dangling"));
  SFTPBackend backend(fixture.options());
  struct Row {
    const char* key;
    bool exists, is_file, is_folder;
  };
  for (const Row& row :
       {Row{"d/f", true, true, false}, Row{"/d//f", true, true, false}, Row{"d", true, false, true},
        Row{"empty", true, false, true}, Row{"missing", false, false, false}, Row{"d/f/below", false, false, false},
        Row{"../d", false, false, false}, Row{"to_file", true, true, false}, Row{"to_folder", true, false, true},
        Row{"dangling", false, false, false}, Row{"", true, false, true}, Row{".", true, false, true}}) {
    CAPTURE(row.key);
    CHECK(backend.exists(row.key) == row.exists);
    CHECK(backend.is_file(row.key) == row.is_file);
    CHECK(backend.is_folder(row.key) == row.is_folder);
  }
  backend.delete_("d/f");
  CHECK(backend.is_folder("d"));
}

TEST_CASE("[BE-006, BE-007, BE-021, SFTP-020] reading what is missing, a folder, the root, a FIFO") {
  BackendFixture fixture;
  fixture.put("d/f", "x");
  REQUIRE(::mkfifo(fixture.path("fifo").c_str(), 0600) == 0);
  SFTPBackend backend(fixture.options());
  for (const char* key : {"missing", "d/f/below", "no/such", "fifo"}) {
    CAPTURE(key);
    const auto error = thrown<NotFound>([&] { backend.read(key); });
    CHECK(error.path() == key);
    CHECK(error.backend() == "sftp");
    CHECK_THROWS_AS(backend.read_bytes(key), NotFound);
    CHECK_THROWS_AS(backend.get_file_info(key), NotFound);
  }
  for (const char* key : {"d", "", ".", "./", ".//", "./.", "/", "a/../b"}) {
    CAPTURE(key);
    CHECK(thrown<InvalidPath>([&] { backend.read(key); }).path() == key);
    CHECK_THROWS_AS(backend.read_bytes(key), InvalidPath);
    CHECK_THROWS_AS(backend.read_seekable(key), InvalidPath);
    CHECK_THROWS_AS(backend.get_file_info(key), InvalidPath);
  }
}

TEST_CASE("[SIO-001] a stream begins at 0, is short only at the end, seeks, and may be closed twice") {
  BackendFixture fixture;
  const std::string content = pattern(1'500'000);
  fixture.put("f", content);
  fixture.put("empty", "");
  SFTPBackend backend(fixture.options());
  CHECK(backend.read_bytes("f") == to_vector(as_bytes(content)));
  CHECK(backend.read_bytes("empty").empty());
  const std::unique_ptr<ReadStream> stream = backend.read("f");
  CHECK(stream->tell() == 0);
  CHECK(stream->seekable());
  CHECK(stream->size() == content.size());
  std::string got;
  ByteVector buffer(99'999);
  while (const std::size_t count = stream->read(buffer)) {
    CHECK((count == buffer.size() || got.size() + count == content.size()));
    got.append(as_text(Bytes(buffer).first(count)));
  }
  CHECK((got == content));
  CHECK(stream->read(buffer) == 0);
  CHECK(stream->tell() == content.size());
  for (const std::uint64_t position : {std::uint64_t{1'400'001}, std::uint64_t{5}, std::uint64_t{700'000}}) {
    stream->seek(position);
    REQUIRE(stream->read(MutableBytes(buffer).first(10)) == 10);
    CHECK(as_text(Bytes(buffer).first(10)) == content.substr(position, 10));
  }
  stream->seek(content.size() + 10);
  CHECK(stream->read(buffer) == 0);
  stream->close();
  stream->close();
  CHECK_THROWS_AS(stream->read(buffer), RemoteStoreError);
}

TEST_CASE("[AF-006, SFTP-024] a connection that breaks under a stream is an error, never an end") {
  BackendFixture fixture;
  fixture.put("f", pattern(1'000'000));
  SFTPBackend backend(fixture.options());
  const std::unique_ptr<ReadStream> stream = backend.read("f");
  ByteVector buffer(1000);
  REQUIRE(stream->read(buffer) == 1000);
  fixture.stop();
  const auto error = thrown<BackendUnavailable>([&] { stream->read_all(); });
  CHECK(error.backend() == "sftp");
  CHECK(error.path() == "f");
}

TEST_CASE("[BE-014, DEPTH-001] listing files down to a depth") {
  BackendFixture fixture;
  for (const char* name : {"pc/a.txt", "pc/d1/b.txt", "pc/d1/c.txt", "pc/d1/d2/d.txt", "pc/d1/d2/d3/e.txt"})
    fixture.put(name, name);
  std::filesystem::create_directory_symlink("..", fixture.path("pc/up"));
  std::filesystem::create_symlink("a.txt", fixture.path("pc/link"));
  std::filesystem::create_symlink("nowhere", fixture.path("pc/dangling"));
  SFTPBackend backend(fixture.options());
  const Names level0{"pc/a.txt", "pc/link"};
  const Names level1{"pc/a.txt", "pc/d1/b.txt", "pc/d1/c.txt", "pc/link"};
  const Names level2{"pc/a.txt", "pc/d1/b.txt", "pc/d1/c.txt", "pc/d1/d2/d.txt", "pc/link"};
  const Names all{"pc/a.txt", "pc/d1/b.txt", "pc/d1/c.txt", "pc/d1/d2/d.txt", "pc/d1/d2/d3/e.txt", "pc/link"};
  CHECK(paths(backend.list_files("pc")) == level0);
  CHECK(paths(backend.list_files("pc", {.recursive = true, .max_depth = {}})) == all);
  CHECK(paths(backend.list_files("", {.recursive = true, .max_depth = {}})) == all);
  CHECK(paths(backend.list_files("pc", {.recursive = true, .max_depth = 0})) == level0);
  CHECK(paths(backend.list_files("pc", {.recursive = false, .max_depth = 1})) == level1);
  CHECK(paths(backend.list_files("pc", {.recursive = false, .max_depth = 2})) == level2);
  CHECK(paths(backend.list_files("pc", {.recursive = false, .max_depth = 3})) == all);
  CHECK_THROWS_AS(backend.list_files("pc", {.recursive = false, .max_depth = -1}), std::invalid_argument);
  // NPR-001: what is listed can be read as it is named.
  for (const FileInfo& file : backend.list_files("pc", {.recursive = true, .max_depth = {}})) {
    CHECK(backend.read_bytes(file.path.text()).size() == file.size);
    CHECK(file.modified_at.has_value());
  }
}

TEST_CASE(
    "[BE-014, BE-015, BE-026] listing what is missing, a file, or below a file is empty; children are immediate") {
  BackendFixture fixture;
  fixture.put("d/f", "x");
  fixture.put("d/sub/g", "x");
  fixture.put("d/back\\slash", "x");
  SFTPBackend backend(fixture.options());
  for (const char* key : {"missing", "d/f", "d/f/below"}) {
    CAPTURE(key);
    CHECK(backend.list_files(key).empty());
    CHECK(backend.list_folders(key).empty());
    CHECK(backend.iter_children(key).empty());
  }
  CHECK(backend.list_folders("d") == std::vector<FolderEntry>{{RemotePath("d/sub"), "sub"}});
  CHECK(backend.iter_children("d").size() == 2);
  CHECK(fixture.warnings().size() == 2);  // of the name that is no key
  CHECK(backend.list_folders("") == std::vector<FolderEntry>{{RemotePath("d"), "d"}});
}

TEST_CASE("[BE-016, BE-017] information about files and folders") {
  BackendFixture fixture;
  fixture.put("d/f", "12345");
  fixture.put("d/sub/g", "123");
  std::filesystem::create_directory(fixture.path("empty"));
  SFTPBackend backend(fixture.options());
  const FileInfo file = backend.get_file_info("d/f");
  CHECK(file.name == "f");
  CHECK(file.size == 5);
  CHECK(file.modified_at.has_value());
  const FolderInfo folder = backend.get_folder_info("d");
  CHECK(folder.file_count == 2);
  CHECK(folder.total_size == 8);
  CHECK(folder.modified_at.has_value());
  const FolderInfo empty = backend.get_folder_info("empty");
  CHECK(empty.file_count == 0);
  CHECK_FALSE(empty.modified_at);
  CHECK(backend.get_folder_info("").file_count == 2);
  CHECK_THROWS_AS(backend.get_folder_info("d/f"), InvalidPath);
  CHECK_THROWS_AS(backend.get_folder_info("missing"), NotFound);
}

TEST_CASE("[BE-029] the root is a folder even before its base path exists; the first write makes it") {
  BackendFixture fixture;
  SFTPBackendOptions options = fixture.options();
  options.base_path = "/deep/base//";
  SFTPBackend backend(options);
  CHECK(backend.exists(""));
  CHECK(backend.is_folder("."));
  CHECK(backend.get_folder_info("").file_count == 0);
  CHECK(backend.list_files("").empty());
  CHECK_THROWS_AS(backend.check_health(), NotFound);
  CHECK_FALSE(fixture.has("deep"));
  backend.write("a/b", as_bytes("x"));
  CHECK(fixture.get("deep/base/a/b") == "x");
  CHECK_NOTHROW(backend.check_health());
}

TEST_CASE(
    "[BE-023, BE-025, NPR-003, NPR-004, NPR-005, NPR-008, NPR-018, NPR-020, NPR-021, RES-010, RES-020, RES-025, "
    "RES-054] keys and native paths are each other's inverse, without a connection") {
  for (const char* base : {"/", "/srv/data", "relative"}) {
    CAPTURE(base);
    const SFTPBackend backend(SFTPBackendOptions{.host = "h", .base_path = base});
    for (const char* key : {"a", "a/b.txt", ""}) {
      CHECK(backend.to_key(backend.native_path(key)) == key);
      CHECK(backend.resolve(key).native_path == backend.native_path(key));
    }
    CHECK(backend.native_path(".") == base);
    CHECK_NOTHROW(backend.native_path("../x"));
  }
  const SFTPBackend backend(SFTPBackendOptions{.host = "h", .password = Secret("hunter2"), .base_path = "/srv"});
  CHECK(backend.to_key("/srvother/x") == "/srvother/x");
  const ResolutionPlan plan = backend.resolve("k");
  CHECK(plan.kind == "sftp");
  CHECK(plan.details == std::map<std::string, std::string>{{"base_path", "/srv"}, {"host", "h"}, {"port", "22"}});
}
