// Host keys that are replaced while the server runs, and those it makes itself; the file of moduli.
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <thread>

#include "ssh_fixture.h"
#include "support/temporary_directory.h"

namespace hawser::test {

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server manager: new host keys are for new connections, running ones rekey with theirs") {
  options.session.transport.algorithms = crypto::AlgorithmPolicy::modern();  // it allows ECDSA
  const std::uint16_t port = start();
  TestClient before(port);
  REQUIRE(before.login());
  REQUIRE(before.host_key);
  CHECK(*before.host_key == ed25519_key().public_key());

  REQUIRE(manager->set_host_keys({std::make_shared<crypto::PrivateKey>(ecdsa_key())}));
  TestClient after(port);
  REQUIRE(after.login());
  CHECK(*after.host_key == ecdsa_key().public_key());

  // The client would end a session whose host key changes.
  before.connection->session().transport().rekey();
  before.connection->flush_soon();
  REQUIRE(before.wait_for_keys(2));
  CHECK(before.open());

  CHECK(manager->set_host_keys({}).error().code() == Errc::invalid_argument);
  manager->stop();
  REQUIRE(manager->start());
  TestClient restarted(manager->port());
  REQUIRE(restarted.login());
  CHECK(*restarted.host_key == ecdsa_key().public_key());
}

namespace {

// Signs with the key of another, when it is let.
class SlowSigner final : public crypto::Signer {
 public:
  explicit SlowSigner(const crypto::PrivateKey& key) : key_(key) {}
  const crypto::PublicKey& public_key() const override { return key_.public_key(); }

  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void wait_until_asked() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ != 0; });
  }

 private:
  Result<ByteVector> make_signature(const crypto::SignatureRow& row, Bytes data) const override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    return key_.sign(row, data);
  }

  const crypto::PrivateKey& key_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool held_ = false;
  mutable int waiting_ = 0;
};

}  // namespace

TEST_CASE_FIXTURE(ServerFixture,
                  "host keys: one that takes its time to sign, as an HSM does, holds up no other connection") {
  const auto slow = std::make_shared<SlowSigner>(ed25519_key());
  options.host_keys = {slow};
  REQUIRE(options.threads == 1);
  REQUIRE(options.public_key_threads == 1);
  const std::uint16_t port = start();
  TestClient first(port);
  REQUIRE(first.login());
  slow->hold();
  TestClient second(port);
  std::thread waiting([&] { CHECK(second.login()); });
  slow->wait_until_asked();
  CHECK(first.ask_global("yes@example.com"));
  slow->release();
  waiting.join();
}

TEST_CASE_FIXTURE(ServerFixture, "host keys: without threads for public-key work the connection's own does it") {
  options.public_key_threads = 0;
  server->key = ed25519_key().public_key();
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.userauth().request_public_key(ed25519_key(), signature_row("ssh-ed25519")));
  client.connection->flush_soon();
  CHECK(client.succeeded());
}

TEST_CASE("moduli: a file is read for all connections; none, and one without a group, is an error") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/moduli";
  CHECK(server::moduli_from_file(path).error().code() == Errc::file_error);
  const auto write = [&](const std::string& text) { std::ofstream(path) << text; };
  write("# nothing\n");
  CHECK(server::moduli_from_file(path).error().code() == Errc::bad_value);
  write(std::string(4 * 1024 * 1024 + 1, '#'));
  CHECK(server::moduli_from_file(path).error().code() == Errc::file_error);
  write("0 2 6 100 2063 2 f" + std::string(514, 'a') + "b\nand a line that is none\n");
  const auto moduli = server::moduli_from_file(path);
  REQUIRE(moduli);
  CHECK((*moduli)->size() == crypto::Moduli::built_in().size() + 1);
  CHECK((*moduli)->warnings() == std::vector<std::string>{"line 2 is skipped: it has fewer than seven fields"});
}

TEST_CASE("host keys: a file is made once, for its owner only, and read afterwards") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/key";
  const auto made = server::host_key_from_file(path);
  REQUIRE(made);
  struct stat status;
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  const auto read = server::host_key_from_file(path);
  REQUIRE(read);
  CHECK((*made)->public_key() == (*read)->public_key());
  CHECK(server::host_key_from_file("/no/such/folder/key").error().code() == Errc::file_error);

  const auto one = server::ephemeral_host_key();
  const auto other = server::ephemeral_host_key();
  REQUIRE(one);
  REQUIRE(other);
  CHECK_FALSE((*one)->public_key() == (*other)->public_key());
}

}  // namespace hawser::test
