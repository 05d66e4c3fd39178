// What is particular to QuotaFileSystem: what counts, when it is given back, and that no race loses count.
#include "hawser/server/quota_file_system.h"
#include "hawser/net/spawn.h"

#include <array>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <functional>
#include <thread>

#include "hawser/server/local_file_system.h"
#include "inner_file_systems.h"
#include "server/file_wrapper.h"
#include "support/counting_allocator.h"
#include "support/file_system_suite/subject.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::QuotaFileSystem;
using server::QuotaOptions;

namespace {

struct QuotaFixture {
  explicit QuotaFixture(QuotaOptions options = {.bytes = 1000}) : files(*QuotaFileSystem::create_now(inner, options)) {}
  std::string text(std::size_t size) const { return std::string(size, 'x'); }
  FileResult<void> write(server::File& file, std::uint64_t offset, std::size_t size) const {
    const std::string data = text(size);
    const Bytes area = as_bytes(data);
    return run(file.write_at(offset, std::span(&area, 1)));
  }
  std::uint64_t counted_anew() const { return (*QuotaFileSystem::create_now(inner, {}))->used_bytes(); }

  Files inner = memory();
  std::shared_ptr<QuotaFileSystem> files;
  Subject s{*files};
};

// Writes one byte less than it was given, and says that it failed.
class HalfFile final : public server::File {
 public:
  HalfFile(std::unique_ptr<server::File> file, bool at_once) : file_(std::move(file)), at_once_(at_once) {}
  server::Awaitable<FileResult<std::size_t>> read_at(std::uint64_t at, std::span<const MutableBytes> areas) override {
    return file_->read_at(at, areas);
  }
  server::Awaitable<FileResult<void>> write_at(std::uint64_t at, std::span<const Bytes> areas) override {
    const Bytes part = areas.front().first(areas.front().size() - 1);
    const FileResult<void> written = co_await file_->write_at(at, std::span(&part, 1));
    co_return written ? FileError::failed : written.error();
  }
  std::optional<FileResult<void>> try_write_at(std::uint64_t at, std::span<const Bytes> areas) override {
    if (!at_once_) return std::nullopt;
    const Bytes part = areas.front().first(areas.front().size() - 1);
    static_cast<void>(file_->try_write_at(at, std::span(&part, 1)));
    return FileResult<void>(FileError::failed);
  }
  server::Awaitable<FileResult<Attributes>> attributes() override { return file_->attributes(); }
  server::Awaitable<FileResult<server::FileStatus>> status() override { return file_->status(); }
  server::Awaitable<FileResult<void>> close() override { return file_->close(); }

 private:
  std::unique_ptr<server::File> file_;
  const bool at_once_;
};
class Half final : public FileSystemWrapper {
 public:
  explicit Half(bool at_once) : FileSystemWrapper(memory()), at_once_(at_once) {}
  Outcome<std::unique_ptr<server::File>> open(std::string path, OpenMode mode, Attributes create) override {
    FileResult<std::unique_ptr<server::File>> file = co_await inner->open(path, mode, create);
    if (!file) co_return file.error();
    std::unique_ptr<server::File> half = std::make_unique<HalfFile>(std::move(*file), at_once_);
    co_return half;
  }

 private:
  const bool at_once_;
};

}  // namespace

TEST_CASE("quota file system: what is there at the start counts, several names of one file once") {
  const Files inner = memory();
  const Subject in(*inner);
  in.put("/a", std::string(300, 'x'));
  in.make_directory("/d");
  in.put("/d/b", std::string(200, 'x'));
  in.succeeds(run(inner->hard_link("/a", "/d/a")));
  in.succeeds(run(inner->symlink("a", "/link")));
  const auto files = *QuotaFileSystem::create_now(inner, {.bytes = 600, .files = 5});
  CHECK(files->used_bytes() == 500);
  CHECK(files->used_files() == 4);
  const Subject s(*files);
  s.put("/c", std::string(100, 'x'));
  s.fails(run(files->open("/e", to_make, {})), FileError::no_space);
  s.succeeds(run(files->remove("/a")));
  CHECK(files->used_bytes() == 600);
  s.succeeds(run(files->remove("/d/a")));
  CHECK(files->used_bytes() == 300);
}

TEST_CASE("quota file system: more than fits at the start leaves no room, and room comes by removing") {
  const Files inner = memory();
  Subject(*inner).put("/a", std::string(300, 'x'));
  Subject(*inner).put("/b", std::string(300, 'x'));
  const auto files = *QuotaFileSystem::create_now(inner, {.bytes = 400});
  const Subject s(*files);
  const auto file = s.open("/new", to_make);
  const Bytes area = as_bytes("x");
  s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::no_space);
  CHECK(s.value(run(files->statistics("/"))).f_bfree == 0);
  s.succeeds(run(files->remove("/a")));
  s.succeeds(run(file->write_at(0, std::span(&area, 1))));
}

TEST_CASE("quota file system: a file system that cannot tell files apart is refused") {
  class Without final : public FileSystemWrapper {
   public:
    using FileSystemWrapper::FileSystemWrapper;
    Outcome<server::FileStatus> status(std::string) override { co_return FileError::unsupported; }
  };
  const auto made = QuotaFileSystem::create_now(std::make_shared<Without>(memory()), {.bytes = 1});
  REQUIRE_FALSE(made);
  CHECK(made.error() == FileError::unsupported);
}

TEST_CASE_FIXTURE(QuotaFixture,
                  "quota file system: writes count by where they end, and what is too much is not begun") {
  const auto file = s.open("/f", to_make);
  s.succeeds(write(*file, 0, 600));
  s.succeeds(write(*file, 100, 500));  // over what is there
  CHECK(files->used_bytes() == 600);
  s.fails(write(*file, 500, 501), FileError::no_space);
  CHECK(s.stat("/f").size == 600u);
  s.succeeds(write(*file, 500, 500));
  CHECK(files->used_bytes() == 1000);
  s.fails(write(*file, 1000, 1), FileError::no_space);
  s.succeeds(write(*file, 0, 1000));
  s.succeeds(write(*file, 5000, 0));
  s.fails(write(*file, UINT64_MAX, 1), FileError::no_space);
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: holes count") {
  const auto file = s.open("/f", to_make);
  s.fails(write(*file, 1000, 1), FileError::no_space);
  s.succeeds(write(*file, 999, 1));
  CHECK(files->used_bytes() == 1000);
  s.fails(run(files->set_attributes("/f", with_size(1001))), FileError::no_space);
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: appending counts by what is added") {
  s.put("/f", text(400));
  const auto one = s.open("/f", {.append = true});
  const auto two = s.open("/f", {.write = true, .append = true});
  s.succeeds(write(*one, 0, 300));
  s.succeeds(write(*two, 0, 300));
  s.fails(write(*one, 0, 1), FileError::no_space);
  CHECK(files->used_bytes() == 1000);
  CHECK(counted_anew() == 1000);
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: cutting gives back, by path, by handle and on opening") {
  s.put("/f", text(1000));
  s.succeeds(run(files->set_attributes("/f", with_size(700))));
  CHECK(files->used_bytes() == 700);
  const auto file = s.open("/f", for_writing);
  s.succeeds(run(file->set_attributes(with_size(300))));
  CHECK(files->used_bytes() == 300);
  // With the file open, by its path and through a link.
  s.succeeds(run(files->symlink("f", "/link")));
  s.succeeds(run(files->set_attributes("/link", with_size(900))));
  CHECK(files->used_bytes() == 900);
  s.open("/link", to_overwrite);
  CHECK(files->used_bytes() == 0);
  s.succeeds(write(*file, 0, 1000));  // the handle from before knows
  CHECK(files->used_bytes() == 1000);
  s.fails(run(files->set_attributes("/f", with_size(1001))), FileError::no_space);
  s.fails(run(file->set_attributes(with_size(1001))), FileError::no_space);
  CHECK(s.stat("/f").size == 1000u);
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: two handles on one file count it once") {
  const auto one = s.open("/f", to_make);
  const auto two = s.open("/f", for_writing);
  s.succeeds(run(files->hard_link("/f", "/g")));
  const auto three = s.open("/g", for_writing);
  for (server::File* file : {one.get(), two.get(), three.get()}) s.succeeds(write(*file, 0, 1000));
  CHECK(files->used_bytes() == 1000);
  CHECK(files->used_files() == 1);
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: a removed file counts until it is closed") {
  auto file = s.open("/f", to_make);
  s.succeeds(write(*file, 0, 600));
  s.succeeds(run(files->remove("/f")));
  CHECK(files->used_bytes() == 600);
  s.succeeds(write(*file, 600, 100));
  const auto other = s.open("/g", to_make);
  s.fails(write(*other, 0, 400), FileError::no_space);
  SUBCASE("closed") { s.succeeds(run(file->close())); }
  SUBCASE("dropped") { file.reset(); }
  s.succeeds(write(*other, 0, 1000));
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: rename gives back what it replaces") {
  s.put("/f", text(300));
  s.put("/g", text(500));
  s.fails(run(files->rename("/f", "/g", false)), FileError::already_exists);
  CHECK(files->used_bytes() == 800);
  s.succeeds(run(files->rename("/f", "/g", true)));
  CHECK(files->used_bytes() == 300);
  CHECK(files->used_files() == 1);
  s.succeeds(run(files->rename("/g", "/g", true)));
  s.succeeds(run(files->hard_link("/g", "/h")));
  s.succeeds(run(files->rename("/g", "/h", true)));  // one file: both names stay
  CHECK(files->used_bytes() == 300);
  s.make_directory("/d");
  s.make_directory("/e");
  s.succeeds(run(files->rename("/d", "/e", true)));
  CHECK(files->used_files() == 2);
  s.succeeds(run(files->remove_directory("/e")));
  CHECK(files->used_files() == 1);
}

TEST_CASE("quota file system: the number of files, directories and links") {
  QuotaFixture fixture({.files = 3});
  const Subject& s = fixture.s;
  server::FileSystem& files = *fixture.files;
  s.put("/f", "text");
  s.make_directory("/d");
  s.succeeds(run(files.symlink("f", "/l")));
  s.fails(run(files.open("/g", to_make, {})), FileError::no_space);
  s.fails(run(files.make_directory("/e", {})), FileError::no_space);
  s.fails(run(files.symlink("f", "/m")), FileError::no_space);
  CHECK_FALSE(s.exists("/g"));
  s.put("/f", "what exists can be written");
  s.succeeds(run(files.hard_link("/f", "/second")));  // another name, no other file
  s.fails(run(files.make_directory("/d", {})), FileError::no_space);
  s.succeeds(run(files.remove("/l")));
  s.fails(run(files.make_directory("/d", {})), FileError::already_exists);
  CHECK(fixture.files->used_files() == 2);
  const sftp::FileSystemStatistics statistics = s.value(run(files.statistics("/")));
  CHECK(statistics.f_files == 3);
  CHECK(statistics.f_ffree == 1);
}

TEST_CASE("quota file system: clients see the quota as the size of the file system") {
  QuotaFixture fixture({.bytes = 100 * 4096});
  const Subject& s = fixture.s;
  s.put("/f", std::string(10 * 4096, 'x'));
  const sftp::FileSystemStatistics by_path = s.value(run(fixture.files->statistics("/")));
  CHECK(by_path.f_blocks == 100);
  CHECK(by_path.f_bfree == 90);
  CHECK(by_path.f_bavail == 90);
  CHECK(s.value(run(s.open("/f", for_reading)->statistics())) == by_path);
  CHECK(s.value(run(s.open("/f", for_writing)->statistics())) == by_path);
}

TEST_CASE("quota file system: after a write that failed half way the real size counts") {
  for (const bool at_once : {false, true}) {
    CAPTURE(at_once);
    const auto files = *QuotaFileSystem::create_now(std::make_shared<Half>(at_once), {.bytes = 1000});
    const Subject s(*files);
    const auto file = s.open("/f", to_make);
    const std::string text(100, 'x');
    const Bytes area = as_bytes(text);
    const auto tried = file->try_write_at(0, std::span(&area, 1));
    CHECK(tried.has_value() == at_once);
    if (!tried) CHECK(files->used_bytes() == 0);
    s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::failed);
    CHECK(files->used_bytes() == 99);
    s.succeeds(run(file->close()));
    CHECK(files->used_bytes() == 99);
  }
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: what fails takes nothing") {
  s.put("/f", text(100));
  s.make_directory("/d");
  const std::uint64_t count = files->used_files();
  s.fails(run(files->make_directory("/d", {})), FileError::already_exists);
  s.fails(run(files->symlink("x", "/f")), FileError::already_exists);
  s.fails(run(files->open("/no/f", to_make, {})), FileError::parent_missing);
  s.fails(run(files->open("/d", to_overwrite, {})), FileError::wrong_type);
  s.fails(run(files->remove("/d")), FileError::wrong_type);
  s.fails(run(files->remove_directory("/f")), FileError::wrong_type);
  s.fails(run(files->set_attributes("/d", with_size(5))), FileError::wrong_type);
  s.fails(run(s.open("/f", for_reading)->set_attributes(with_size(500))), FileError::permission_denied);
  CHECK(files->used_bytes() == 100);
  CHECK(files->used_files() == count);
}

TEST_CASE(
    "[quota-race] quota file system: many threads on the same names and files never pass the limit, and lose no "
    "count") {
  constexpr int thread_count = 4;
  constexpr int rounds = 300;
  const TemporaryDirectory top;
  const Files local = *server::LocalFileSystem::open(top.path());
  for (const Files& inner : {memory(), local}) {
    const auto files = *QuotaFileSystem::create_now(inner, {.bytes = 20'000, .files = 12});
    std::atomic<bool> passed{false};
    std::vector<std::thread> threads;
    for (int t = 0; t < thread_count; ++t) {
      threads.emplace_back([&files, &passed, t] {
        const std::string text(3000, static_cast<char>('a' + t));
        const Bytes area = as_bytes(text);
        unsigned seed = static_cast<unsigned>(t) + 1;
        const auto random = [&seed](unsigned limit) {
          seed = seed * 1103515245u + 12345u;
          return (seed >> 16) % limit;
        };
        for (int i = 0; i < rounds; ++i) {
          const std::string path = "/" + std::to_string(random(5));
          const std::string other = "/" + std::to_string(random(5));
          switch (random(7)) {
            case 0: static_cast<void>(run(files->remove(path))); break;
            case 1: static_cast<void>(run(files->rename(path, other, true))); break;
            case 2: static_cast<void>(run(files->set_attributes(path, with_size(random(6000))))); break;
            case 3: static_cast<void>(run(files->hard_link(path, other))); break;
            default: {
              const OpenMode mode{.write = true, .append = random(2) == 0, .create = true, .truncate = random(3) == 0};
              const auto file = run(files->open(path, mode, {}));
              if (!file) break;
              const std::uint64_t at = random(9000);
              if (!(*file)->try_write_at(at, std::span(&area, 1))) {
                static_cast<void>(run((*file)->write_at(at, std::span(&area, 1))));
              }
              static_cast<void>(run((*file)->set_attributes(with_size(random(9000)))));
            }
          }
          if (files->used_bytes() > 20'000 || files->used_files() > 12) passed = true;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK_FALSE(passed);
    const auto again = *QuotaFileSystem::create_now(inner, {});
    CHECK(files->used_bytes() == again->used_bytes());
    CHECK(files->used_files() == again->used_files());
  }
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: reads and writes at once do not allocate") {
  s.put("/f", text(500));
  const auto file = s.open("/f", for_both);
  std::string back(500, ' ');
  const MutableBytes area{reinterpret_cast<std::uint8_t*>(back.data()), back.size()};
  const std::string data = text(500);
  const Bytes source = as_bytes(data);
  const AllocationCounter allocations;
  const auto read = file->try_read_at(0, std::span(&area, 1));
  const auto written = file->try_write_at(100, std::span(&source, 1));
  CHECK(allocations.count() == 0);
  REQUIRE(read);
  CHECK(**read == 500);
  REQUIRE(written);
  CHECK(*written);
  CHECK(files->used_bytes() == 600);
}

TEST_CASE_FIXTURE(QuotaFixture, "quota file system: a view of a directory has the same quota") {
  s.make_directory("/d");
  const Files view = s.value(run(files->subdirectory("/d")));
  const Subject v(*view);
  v.put("/f", text(900));
  const auto file = s.open("/g", to_make);
  s.fails(write(*file, 0, 101), FileError::no_space);
  s.succeeds(run(files->remove("/d/f")));
  s.succeeds(write(*file, 0, 1000));
  v.fails(run(view->set_attributes("/no", with_size(1))), FileError::not_found);
}

namespace {

// A file system that gives the number of a file to the next one, as local ones do, or fails in the middle. Each hook is
// called before the call goes on.
class Hooked final : public FileSystemWrapper {
 public:
  using Hook = std::function<server::Awaitable<void>()>;
  using FileSystemWrapper::FileSystemWrapper;

  static constexpr server::FileIdentity the_only_number{1, 7};

  class HookedFile final : public server::FileWrapper {
   public:
    HookedFile(std::unique_ptr<server::File> inner, Hooked& all) : FileWrapper(std::move(inner)), all_(all) {}
    server::Awaitable<FileResult<server::FileStatus>> status() override {
      FileResult<server::FileStatus> status = co_await inner().status();
      if (status && all_.one_number) status->identity = the_only_number;
      co_return status;
    }
    std::optional<FileResult<void>> try_write_at(std::uint64_t offset, std::span<const Bytes> areas) override {
      if (all_.throws) throw std::runtime_error("broken");
      return inner().try_write_at(offset, areas);
    }
    server::Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) override {
      if (all_.throws) throw std::runtime_error("broken");
      return inner().write_at(offset, areas);
    }
    server::Awaitable<FileResult<void>> set_attributes(const Attributes& attributes) override {
      if (all_.throws) throw std::runtime_error("broken");
      return inner().set_attributes(attributes);
    }
    server::Awaitable<FileResult<void>> close() override {
      const FileResult<void> closed = co_await inner().close();
      if (all_.on_close) co_await all_.on_close();
      co_return closed;
    }

   private:
    Hooked& all_;
  };

  Outcome<std::unique_ptr<server::File>> open(std::string path, OpenMode mode, Attributes create) override {
    if (throws) throw std::runtime_error("broken");
    FileResult<std::unique_ptr<server::File>> file = co_await inner->open(path, mode, create);
    if (!file) co_return file.error();
    std::unique_ptr<server::File> hooked = std::make_unique<HookedFile>(std::move(*file), *this);
    co_return hooked;
  }
  Outcome<server::FileStatus> status(std::string path) override {
    FileResult<server::FileStatus> status = co_await inner->status(path);
    if (status && one_number && path != "/") status->identity = the_only_number;
    co_return status;
  }
  Outcome<void> make_directory(std::string path, Attributes attributes) override {
    if (throws) throw std::runtime_error("broken");
    return inner->make_directory(path, attributes);
  }
  Outcome<void> symlink(std::string target, std::string link_path) override {
    if (throws) throw std::runtime_error("broken");
    return inner->symlink(target, link_path);
  }
  Outcome<void> set_attributes(std::string path, Attributes attributes) override {
    if (throws) throw std::runtime_error("broken");
    return inner->set_attributes(path, attributes);
  }
  Outcome<void> rename(std::string from, std::string to, bool replace) override {
    if (on_rename) co_await on_rename();
    co_return co_await inner->rename(from, to, replace);
  }

  bool one_number = false;
  bool throws = false;
  Hook on_close, on_rename;
};

server::Awaitable<void> make_next(server::FileSystem& files, std::unique_ptr<server::File>& next) {
  FileResult<std::unique_ptr<server::File>> made = co_await files.open("/next", to_make, {});
  if (made) next = std::move(*made);
}

server::Awaitable<void> make_to(server::FileSystem& files, bool& made) {
  const FileResult<void> directory = co_await files.make_directory("/to", {});
  made = static_cast<bool>(directory);
}

// Lets the other go as far as it gets.
server::Awaitable<void> make_meanwhile(asio::io_context& io, server::FileSystem& files, bool& made) {
  net::spawn(io.get_executor(), make_to(files, made));
  for (int i = 0; i < 10; ++i) co_await asio::post(io, asio::use_awaitable);
}

struct HookedFixture {
  std::uint64_t counted_anew() const { return (*QuotaFileSystem::create_now(inner, {}))->used_files(); }
  std::shared_ptr<Hooked> inner = std::make_shared<Hooked>(memory());
  std::shared_ptr<QuotaFileSystem> files = *QuotaFileSystem::create_now(inner, {.bytes = 1000, .files = 10});
  Subject s{*files};
};

}  // namespace

TEST_CASE_FIXTURE(HookedFixture,
                  "[quota-race] quota file system: a new file counts, though its number is that of a removed one that "
                  "is just being closed") {
  inner->one_number = true;
  auto old = s.open("/old", to_make);
  s.write(*old, 0, std::string(600, 'x'));
  s.succeeds(run(files->remove("/old")));
  std::unique_ptr<server::File> next;
  inner->on_close = [this, &next] { return make_next(*files, next); };
  s.succeeds(run(old->close()));
  inner->on_close = nullptr;
  REQUIRE(next != nullptr);
  s.write(*next, 0, std::string(500, 'y'));
  CHECK(files->used_bytes() == 500);
  s.succeeds(run(next->close()));
  CHECK(files->used_bytes() == 500);
  CHECK(files->used_files() == 1);
}

TEST_CASE_FIXTURE(HookedFixture,
                  "[quota-race] quota file system: a file that is made never shares the count of another") {
  inner->one_number = true;
  auto old = s.open("/old", to_make);
  s.write(*old, 0, std::string(300, 'x'));
  s.succeeds(run(files->remove("/old")));
  auto next = s.open("/next", to_make);
  s.write(*next, 0, std::string(200, 'y'));
  CHECK(files->used_bytes() == 500);
  s.succeeds(run(old->close()));
  CHECK(files->used_bytes() == 200);
  const auto again = s.open("/next", for_writing);  // shares that of the new one, which is still known
  s.write(*again, 0, std::string(250, 'z'));
  s.write(*next, 0, std::string(250, 'z'));
  CHECK(files->used_bytes() == 250);
}

TEST_CASE_FIXTURE(HookedFixture, "quota file system: a directory is not made in the middle of a rename to its name") {
  s.make_directory("/from");
  asio::io_context io;
  bool made = true;
  inner->on_rename = [&] { return make_meanwhile(io, *files, made); };
  auto rename = [](server::FileSystem& all) -> server::Awaitable<void> {
    const FileResult<void> renamed = co_await all.rename("/from", "/to", true);
    CHECK(renamed);
  };
  net::spawn(io.get_executor(), rename(*files));
  io.run();
  CHECK_FALSE(made);
  CHECK(files->used_files() == 1);
  CHECK(counted_anew() == 1);
}

TEST_CASE_FIXTURE(HookedFixture, "quota file system: what is taken goes back when the file system beneath throws") {
  s.put("/f", std::string(100, 'x'));
  const auto file = s.open("/f", for_both);
  const std::string text(300, 'y');
  const Bytes area = as_bytes(text);
  inner->throws = true;
  CHECK_THROWS(static_cast<void>(run(files->open("/g", to_make, {}))));
  CHECK_THROWS(static_cast<void>(run(files->make_directory("/d", {}))));
  CHECK_THROWS(static_cast<void>(run(files->symlink("f", "/l"))));
  CHECK(files->used_files() == 1);
  CHECK_THROWS(static_cast<void>(run(files->set_attributes("/f", with_size(900)))));
  CHECK(files->used_bytes() == 100);
  SUBCASE("at once") { CHECK_THROWS(static_cast<void>(file->try_write_at(0, std::span(&area, 1)))); }
  SUBCASE("waiting") { CHECK_THROWS(static_cast<void>(run(file->write_at(0, std::span(&area, 1))))); }
  SUBCASE("size") { CHECK_THROWS(static_cast<void>(run(file->set_attributes(with_size(900))))); }
  inner->throws = false;
  s.succeeds(run(file->close()));
  CHECK(files->used_bytes() == 100);
}

TEST_CASE_FIXTURE(QuotaFixture, "[quota-race] quota file system: a removed file counts while it is open for reading") {
  s.put("/f", text(600));
  auto file = s.open("/f", for_reading);
  s.fails(write(*file, 0, 1), FileError::permission_denied);
  s.succeeds(run(files->remove("/f")));
  CHECK(files->used_bytes() == 600);
  CHECK(files->used_files() == 1);
  const auto other = s.open("/g", to_make);
  s.fails(write(*other, 0, 401), FileError::no_space);
  CHECK(s.read(*file, 0, 1000).size() == 600);
  SUBCASE("closed") { s.succeeds(run(file->close())); }
  SUBCASE("dropped") { file.reset(); }
  s.succeeds(write(*other, 0, 1000));
}

TEST_CASE("quota file system: a file that is emptied on opening for reading is no longer counted") {
  const TemporaryDirectory top;
  const auto files = *QuotaFileSystem::create_now(*server::LocalFileSystem::open(top.path()), {.bytes = 1000});
  const Subject s(*files);
  s.put("/f", std::string(600, 'x'));
  s.open("/f", {.read = true, .truncate = true});
  CHECK(files->used_bytes() == 0);
}

TEST_CASE("[quota-count] quota file system: users make no directory that cannot be counted") {
  for (const bool local : {true, false}) {
    CAPTURE(local);
    const TemporaryDirectory top;
    const Files inner = local ? Files(*server::LocalFileSystem::open(top.path())) : memory();
    const auto files = *QuotaFileSystem::create_now(inner, {.bytes = 1000});
    const Subject s(*files);
    s.succeeds(run(files->make_directory("/d", with_permissions(0))));
    s.put("/d/f", std::string(100, 'x'));
    CHECK(rights(s.stat("/d")) == 0700);
    s.succeeds(run(files->symlink("d", "/link")));
    for (const std::uint32_t permissions : {0u, 0400u, 0600u, 0500u, 0077u}) {
      s.fails(run(files->set_attributes("/d", with_permissions(permissions))), FileError::permission_denied);
      s.fails(run(files->set_attributes("/link", with_permissions(permissions))), FileError::permission_denied);
      s.fails(run(files->set_link_attributes("/d", with_permissions(permissions))), FileError::permission_denied);
    }
    const auto directory = s.value(run(files->open_directory("/d")));
    s.fails(run(directory->set_attributes(with_permissions(0077))), FileError::permission_denied);
    s.succeeds(run(directory->set_attributes(with_permissions(0711))));
    CHECK(rights(s.value(run(directory->attributes()))) == 0711);
    s.succeeds(run(files->set_attributes("/d", with_permissions(0755))));
    s.succeeds(run(files->set_attributes("/d/f", with_permissions(0))));  // of a file there is its size to be seen
    const auto again = *QuotaFileSystem::create_now(inner, {.bytes = 1000});
    CHECK(again->used_bytes() == 100);
    CHECK(again->used_files() == 3);
  }
}

TEST_CASE("[quota-count] quota file system: what lies deeper than a path can say is counted") {
  const Files inner = memory();
  const Subject in(*inner);
  // Each chain is as long as a path may be; the second is moved to the end of the first.
  std::array<std::string, 2> chains{"/a", "/b"};
  for (std::string& chain : chains) {
    in.make_directory(chain);
    for (int i = 0; i < 15; ++i) {
      chain += '/' + std::string(200, 'd');
      in.make_directory(chain);
    }
  }
  in.put(chains[1] + "/f", std::string(100, 'x'));
  in.succeeds(run(inner->rename("/b", chains[0] + "/b", false)));
  const auto files = QuotaFileSystem::create_now(inner, {});
  REQUIRE(files);
  CHECK((*files)->used_bytes() == 100);
  CHECK((*files)->used_files() == 33);
}

TEST_CASE(
    "[quota-count] quota file system: entries of which nothing but the name is known are not counted as nothing") {
  class Unsearchable final : public FileSystemWrapper {  // a local directory with permissions to read, not to search
   public:
    using FileSystemWrapper::FileSystemWrapper;
    Outcome<std::unique_ptr<server::Directory>> open_directory(std::string) override {
      class Names final : public server::Directory {
       public:
        server::Awaitable<FileResult<std::vector<server::DirectoryEntry>>> next(std::size_t) override {
          std::vector<server::DirectoryEntry> entries;
          if (!std::exchange(done_, true)) entries.push_back({"f", {}, 1});
          co_return entries;
        }

       private:
        bool done_ = false;
      };
      std::unique_ptr<server::Directory> names = std::make_unique<Names>();
      co_return names;
    }
    Outcome<server::FileStatus> status(std::string path) override {
      if (path != "/") co_return FileError::permission_denied;
      co_return co_await inner->status(path);
    }
  };
  const auto made = QuotaFileSystem::create_now(std::make_shared<Unsearchable>(memory()), {});
  REQUIRE_FALSE(made);
  CHECK(made.error() == FileError::permission_denied);
}
