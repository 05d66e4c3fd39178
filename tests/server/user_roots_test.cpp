// UserRoots: a user's name never becomes another path than their own, and no link below the base is followed.
#include "hawser/server/user_roots.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "hawser/server/base_sftp_server.h"
#include "hawser/server/memory_file_system.h"
#include "hawser/server/quota_file_system.h"
#include "server/ssh_fixture.h"
#include "support/file_system_suite/subject.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::UserRoots;
using server::UserRootsOptions;
namespace stdfs = std::filesystem;

namespace {

using Files = std::shared_ptr<server::FileSystem>;

// "<top>/base/<alice|bob>/files", each with a file that tells whose it is, and a directory beside the base.
struct RootsFixture {
  RootsFixture() {
    for (const char* user : {"alice", "bob"}) {
      stdfs::create_directories(top / ("base/" + std::string(user) + "/files"));
      std::ofstream(top / ("base/" + std::string(user) + "/files/whose")) << user;
    }
    stdfs::create_directories(top / "outside/files");
    std::ofstream(top / "outside/files/whose") << "nobody's";
  }
  std::shared_ptr<UserRoots> roots(const std::string& pattern, UserRootsOptions options = {}) const {
    return *UserRoots::create(top / pattern, std::move(options));
  }
  TemporaryDirectory top;
};

}  // namespace

TEST_CASE("[user-root] user roots: names that are no plain names, and some that are") {
  for (const std::string name :
       {"",     ".",   "..",  "...", ".ssh", "-rf",   "a/b", "/",   "/etc", "../bob",   "a/../bob",
        "a\\b", "a b", "a\n", "a*",  "%u",   "~root", "a:b", "a;b", "a$b",  "\xc3\xa4", "caf\xe9"}) {
    CAPTURE(name);
    CHECK_FALSE(server::is_plain_user_name(name));
  }
  CHECK_FALSE(server::is_plain_user_name(std::string_view("a\0b", 3)));
  CHECK_FALSE(server::is_plain_user_name(std::string(65, 'a')));
  for (const std::string name : {"a", "alice", "Alice.B-c_d", "me@example.org", "a..b", "1000", "_apt", "+x"}) {
    CAPTURE(name);
    CHECK(server::is_plain_user_name(name));
  }
  CHECK(server::is_plain_user_name(std::string(64, 'a')));
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: patterns that make no sense are refused") {
  for (const std::string pattern : {"", "base/%u", "/no/such/base/%u"}) {
    CAPTURE(pattern);
    CHECK_FALSE(UserRoots::create(pattern));
  }
  for (const std::string pattern : {"base", "base/%%u", "base/%h", "base/%u/%", "base/%u/../x", "base/../%u"}) {
    CAPTURE(pattern);
    CHECK(UserRoots::create(top / pattern).error() == Error(Errc::invalid_argument));
  }
  CHECK(UserRoots::create(top / "base/alice/files/whose/%u").error() == Error(Errc::file_error));
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: each user gets their directory, and nobody else any") {
  const auto all = roots("base/%u/files");
  CHECK(Subject(*all->file_system("alice")).get("/whose") == "alice");
  CHECK(Subject(*all->file_system("bob")).get("/whose") == "bob");
  for (const std::string user : {"carol", "..", ".", "", "../outside", "alice/files/..", "Alice"}) {
    CAPTURE(user);
    CHECK(all->file_system(user) == nullptr);
  }
  CHECK_FALSE(stdfs::exists(top / "base/carol"));
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: a name can be part of a component, and %% is a percent sign") {
  stdfs::create_directories(top / "base/user-alice%");
  const auto all = roots("base/user-%u%%");
  CHECK(all->file_system("alice") != nullptr);
  CHECK(all->file_system("bob") == nullptr);
}

TEST_CASE_FIXTURE(RootsFixture, "[user-root] user roots: no symbolic link below the base is followed") {
  stdfs::create_directory_symlink(top / "outside", top / "base/carol");
  stdfs::create_directory_symlink("../bob", top / "base/dave");
  stdfs::create_directories(top / "base/erin");
  stdfs::create_directory_symlink("../bob/files", top / "base/erin/files");
  std::ofstream(top / "base/frank") << "a file";
  const auto all = roots("base/%u/files", {.create = true});
  for (const std::string user : {"carol", "dave", "erin", "frank"}) {
    CAPTURE(user);
    CHECK(all->file_system(user) == nullptr);
  }
  // The base itself is the owner's, and may be one.
  stdfs::create_directory_symlink(top / "base", top / "link");
  CHECK(roots("link/%u/files")->file_system("alice") != nullptr);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: links in a user's files end at the user's root") {
  const Files alice = roots("base/%u/files")->file_system("alice");
  const Subject s(*alice);
  s.succeeds(run(alice->symlink("../../bob/files/whose", "/up")));
  s.succeeds(run(alice->symlink(top / "base/bob/files/whose", "/absolute")));
  s.fails(run(alice->stat("/up")), FileError::not_found);
  s.fails(run(alice->stat("/absolute")), FileError::not_found);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: missing directories are made where that is allowed, for their user only") {
  const auto all = roots("base/%u/in/box", {.create = true});
  Subject(*all->file_system("carol")).put("/f", "text");
  CHECK(stdfs::exists(top / "base/carol/in/box/f"));
  struct stat status {};
  REQUIRE(::stat((top / "base/carol").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0700);
  CHECK(all->file_system("../evil") == nullptr);
  CHECK_FALSE(stdfs::exists(top / "evil"));
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: one user's connections share one file system, and what is around it") {
  int made = 0;
  UserRootsOptions options;
  options.kept = 1;
  options.wrap = [&made](Files files, const std::string& user) -> Files {
    ++made;
    if (user == "bob") return nullptr;
    return *server::QuotaFileSystem::create_now(std::move(files), {.bytes = 10});
  };
  const auto all = roots("base/%u/files", options);
  const Files one = all->file_system("alice");
  CHECK(all->file_system("alice") == one);
  CHECK(made == 1);
  const auto file = Subject(*one).open("/f", to_make);
  const Bytes area = as_bytes("123456");
  Subject(*one).fails(run(file->write_at(0, std::span(&area, 1))), FileError::no_space);
  CHECK(all->file_system("bob") == nullptr);
  CHECK(all->file_system("alice") == one);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: file systems that nobody uses are closed when there are many") {
  int made = 0;
  UserRootsOptions options;
  options.kept = 4;
  options.create = true;
  options.wrap = [&made](Files files, const std::string&) {
    ++made;
    return files;
  };
  const auto all = roots("base/%u", options);
  const Files kept = all->file_system("alice");
  for (int i = 0; i < 20; ++i) CHECK(all->file_system("user" + std::to_string(i)) != nullptr);
  CHECK(all->file_system("alice") == kept);
  CHECK(made == 21);
  static_cast<void>(all->file_system("user0"));
  CHECK(made == 22);
}

TEST_CASE_FIXTURE(RootsFixture,
                  "user roots: a directory that takes the place of a user's is theirs from the next login on") {
  const auto all = roots("base/%u");
  const Files before = all->file_system("alice");
  REQUIRE(before != nullptr);
  stdfs::rename(top / "base/alice", top / "base/alice.old");
  CHECK(all->file_system("alice") == nullptr);
  stdfs::create_directories(top / "base/alice");
  std::ofstream(top / "base/alice/whose") << "restored";
  const Files after = all->file_system("alice");
  REQUIRE(after != nullptr);
  CHECK(Subject(*after).get("/whose") == "restored");
  CHECK(Subject(*before).get("/files/whose") == "alice");  // who is connected stays where they are
  CHECK(all->file_system("alice") == after);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: what is put around one user's files holds up no other user") {
  std::promise<void> begun, go_on;
  std::atomic<int> made{0};
  UserRootsOptions options;
  options.wrap = [&](Files files, const std::string& user) {
    if (user == "alice" && ++made == 1) {
      begun.set_value();
      go_on.get_future().wait();
    }
    return files;
  };
  const auto all = roots("base/%u", options);
  std::array<Files, 2> alices;
  std::thread first([&] { alices[0] = all->file_system("alice"); });
  begun.get_future().wait();
  std::thread second([&] { alices[1] = all->file_system("alice"); });
  CHECK(all->file_system("bob") != nullptr);
  go_on.set_value();
  first.join();
  second.join();
  CHECK(made == 1);
  CHECK(alices[0] != nullptr);
  CHECK(alices[0] == alices[1]);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: after something has thrown, the next login tries again") {
  int made = 0;
  UserRootsOptions options;
  options.wrap = [&made](Files files, const std::string&) {
    if (++made == 1) throw std::runtime_error("not now");
    return files;
  };
  const auto all = roots("base/%u", options);
  CHECK_THROWS_AS(static_cast<void>(all->file_system("alice")), std::runtime_error);
  CHECK(all->file_system("alice") != nullptr);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: who gets nothing is logged, with the name escaped") {
  class Lines final : public server::Log {
   public:
    void write(server::LogLevel, std::string_view text) override { all += text; }
    std::string all;
  };
  const auto log = std::make_shared<Lines>();
  const auto all = roots("base/%u", {.log = log});
  CHECK(all->file_system("a\nb") == nullptr);
  CHECK(log->all.find("no root for user a\\x0ab") != std::string::npos);
}

TEST_CASE_FIXTURE(RootsFixture, "user roots: an all-in-one server gives each user their files, and strangers no SFTP") {
  class AnyPassword final : public server::Authenticator {
   public:
    std::vector<std::string> methods() const override { return {"password"}; }
    server::Awaitable<server::AuthResult> check_password(server::AuthenticatingClient,
                                                         const crypto::SecretBytes&) override {
      co_return server::AuthResult::successful;
    }
  };
  server::BaseSFTPServerOptions options;
  options.listen = test_options();
  options.authenticators = {std::make_shared<AnyPassword>()};
  options.file_systems = UserRoots::provider(roots("base/%u/files"));
  server::BaseSFTPServer server(options);
  REQUIRE(server.start());
  for (const std::string user : {"alice", "bob", "carol", "../outside"}) {
    CAPTURE(user);
    TestClient client(server.port(), user);
    REQUIRE(client.login());
    const auto channel = client.open();
    REQUIRE(channel);
    ByteVector name;
    wire::append_string(name, "sftp");
    CHECK(client.ask(**channel, "subsystem", name) == (user == "alice" || user == "bob"));
  }
  options.file_system = std::make_shared<server::MemoryFileSystem>();
  CHECK(server::BaseSFTPServer(options).start().error() == Error(Errc::invalid_argument));
}
