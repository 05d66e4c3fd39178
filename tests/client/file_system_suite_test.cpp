// The suite of tests/support/file_system_suite.h through a client and a server: SFTPClient over SSH to a
// BaseSFTPServer.
#include "support/file_system_suite.h"

#include "client/client_fixture.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"
#include "hawser/server/mount_file_system.h"
#include "hawser/server/quota_file_system.h"
#include "hawser/server/subdir_file_system.h"
#include "support/remote_file_system.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;

namespace {

using Files = std::shared_ptr<server::FileSystem>;

class AnyPassword final : public server::Authenticator {
 public:
  std::vector<std::string> methods() const override { return {"password"}; }
  server::Awaitable<server::AuthResult> check_password(server::AuthenticatingClient,
                                                       const crypto::SecretBytes&) override {
    co_return server::AuthResult::successful;
  }
};

// A server that shows each new SFTP session what it is told to, and a client that is signed in.
class Rig {
 public:
  Rig() : server_(options()) {
    REQUIRE(server_.start());
    client::ClientOptions to;
    to.host = "127.0.0.1";
    to.port = server_.port();
    to.user = "user";
    to.credentials = {client::Password("any")};
    to.host_keys = client::pinned_host_keys({ed25519_key().public_key()});
    const client::ConnectResult connected = run(io, client::Client::connect(std::move(to)));
    REQUIRE_MESSAGE(connected, (connected ? std::string() : connected.error().message()));
    client_ = *connected;
  }
  RemoteFileSystem show(Files files) {
    {
      const std::lock_guard guard(mutex_);
      files_ = std::move(files);
    }
    const auto sftp = run(io, client_->open_sftp());
    REQUIRE(sftp);
    return RemoteFileSystem(io, *sftp);
  }

  asio::io_context io;

 private:
  server::BaseSFTPServerOptions options() {
    server::BaseSFTPServerOptions all;
    all.listen = test_options();
    all.authenticators = {std::make_shared<AnyPassword>()};
    all.file_systems = [this](server::ServerConnection&) {
      const std::lock_guard guard(mutex_);
      return files_;
    };
    return all;
  }

  std::mutex mutex_;
  Files files_;
  server::BaseSFTPServer server_;
  std::shared_ptr<client::Client> client_;
};

template <class Make>
void run_suite(Make make) {
  Rig rig;
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    RemoteFileSystem files = rig.show(make());
    one.run(Subject(files, ErrorsAs::sftp_status));
  }
}

}  // namespace

TEST_CASE("file systems over SFTP: a MemoryFileSystem passes the suite") {
  run_suite([] { return std::make_shared<server::MemoryFileSystem>(); });
}

TEST_CASE("file systems over SFTP: a LocalFileSystem passes the suite") {
  std::vector<std::unique_ptr<TemporaryDirectory>> roots;
  run_suite([&roots] {
    roots.push_back(std::make_unique<TemporaryDirectory>());
    return *server::LocalFileSystem::open(roots.back()->path());
  });
}

TEST_CASE("file systems over SFTP: a stack of quota, mount table and directory passes the suite") {
  run_suite([] {
    const auto memory = std::make_shared<server::MemoryFileSystem>();
    Subject(*memory).make_directory("/home");
    const Files tree = *server::MountFileSystem::create({{"/m", memory}, {"/other", memory}});
    const Files directory = std::make_shared<server::SubdirFileSystem>(tree, "/m/home");
    return *server::QuotaFileSystem::create_now(directory, {.bytes = std::uint64_t{1} << 62, .files = 1'000'000});
  });
}
