// The main job in one program: serves a temporary directory on a free loopback port with a fresh host key, moves files
// in and out through the Backend interface, and checks every byte. Run by `./bootstrap demo`.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "hawser/client/sftp_backend.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"

using namespace hawser;

namespace {

void say(const std::string& text) { std::printf("%s\n", text.c_str()); }

template <class T>
T need(Result<T> result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + result.error().message());
  return *std::move(result);
}

void check(bool right, const char* what) {
  if (!right) throw std::runtime_error(std::string("not as it should be: ") + what);
  say(std::string("  ok    ") + what);
}

// A directory that goes with the program.
struct TemporaryDirectory {
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "hawser-demo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string path;
};

void move_files(client::Backend& backend, const std::string& directory) {
  const ByteVector greeting = to_vector(as_bytes("hello from Hawser\n"));
  ByteVector large(32 * 1024 * 1024);
  crypto::system_random()->fill(large);

  backend.write("notes/greeting.txt", greeting);
  check(backend.read_bytes("notes/greeting.txt") == greeting,
        "a small file went in and came back, its folder was made");
  backend.write("large.bin", large);
  check(backend.read_bytes("large.bin") == large, "32 MiB of random bytes went in and came back");
  check(std::filesystem::file_size(directory + "/large.bin") == large.size(), "the file is in the served directory");
  backend.write_atomic("notes/greeting.txt", large, {.overwrite = true, .metadata = {}});
  check(backend.read_bytes("notes/greeting.txt") == large, "a file was replaced atomically");
  backend.move("large.bin", "moved.bin");
  check(!backend.exists("large.bin") && backend.is_file("moved.bin"), "a file was moved");
  backend.copy("moved.bin", "copy.bin");
  check(backend.get_file_info("copy.bin").size == large.size(), "a file was copied");
  check(backend.list_files("").size() == 2 && backend.list_folders("").size() == 1,
        "the root lists two files and a folder");
  try {
    backend.write("copy.bin", greeting);
    check(false, "writing over a file needs overwrite");
  } catch (const client::AlreadyExists&) {
    check(backend.read_bytes("copy.bin") == large, "writing over a file needs overwrite; the file is as it was");
  }
  backend.delete_folder("notes", true);
  backend.delete_("moved.bin");
  backend.delete_("copy.bin");
  check(std::filesystem::is_empty(directory), "everything was deleted again");
}

void run() {
  const TemporaryDirectory directory;
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  const auto client_key = std::make_shared<const crypto::PrivateKey>(
      need(crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random), "client key"));
  const std::shared_ptr<const crypto::Signer> host_key = need(server::ephemeral_host_key(), "host key");

  server::BaseSFTPServerOptions server_options;
  server_options.file_system = need(server::LocalFileSystem::open(directory.path), "directory");
  server_options.authenticators = {server::AuthorizedKeys::from_text(client_key->public_key().text())};
  server_options.listen.host_keys = {host_key};
  server_options.listen.port = 0;
  server::BaseSFTPServer server(server_options);
  if (const Result<void> started = server.start(); !started) throw std::runtime_error(started.error().message());
  say("Serving " + directory.path + " on 127.0.0.1:" + std::to_string(server.port()));
  say("  host key " + host_key->public_key().fingerprint());

  client::SFTPBackendOptions backend_options;
  backend_options.host = "127.0.0.1";
  backend_options.port = server.port();
  backend_options.username = "demo";
  backend_options.credentials = {client::Key(client_key)};
  backend_options.host_key_verifier = client::pinned_host_keys({host_key->public_key()});
  client::SFTPBackend backend(backend_options);
  say("Moving files through Backend:");
  move_files(backend, directory.path);
  backend.close();
  server.stop();
  say("All is well. To try it by hand:\n"
      "  ssh-keygen -q -t ed25519 -N '' -f demo_key\n"
      "  ./bootstrap serve . --authorized-keys demo_key.pub --port 2222     # in one terminal\n"
      "  sftp -P 2222 -i demo_key 127.0.0.1                                 # in another");
}

}  // namespace

int main() {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
    return 1;
  }
}
