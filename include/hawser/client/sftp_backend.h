// A Backend over SFTP.
//
//   SFTPBackendOptions options{.host = "example.org", .username = "me"};
//   options.password = Secret("…");
//   options.base_path = "/srv/data";
//   SFTPBackend backend(std::move(options));
//   backend.write("reports/may.csv", as_bytes("…"));
//
// Connects with the first operation, over one connection that serves all calls; when it has broken, the next operation
// makes a new one. An operation that finds it broken before it has changed anything starts over once; any other failure
// is BackendUnavailable, and what was under way may have been done in part or in whole.
//
// Thread-safe: any number of threads may call; their requests share the connection without waiting for one another. A
// stream or writer belongs to one thread at a time, and its backend must outlive it. Calls block: not to be made from
// on_warning.
//
// Symbolic links: a link to a file is a file, and a link to a folder a folder, but no recursion enters it. `delete_`
// and `move` act on the link itself, `write_atomic` replaces it.
#pragma once

#include "hawser/client/backend.h"
#include "hawser/client/client.h"
#include "hawser/client/retry_policy.h"
#include "hawser/client/secret.h"

namespace hawser::client {

struct SFTPBackendOptions {
  std::string host;
  std::uint16_t port = 22;
  std::optional<std::string> username;  // default: that of the process
  std::optional<Secret> password;
  bool password_answers_prompt = false;  // also where the server asks for it by keyboard-interactive, see ClientOptions
  // The text of a key file, which may have lost its newlines, see sanitize_pem; tried before the password.
  std::optional<Secret> private_key;
  std::optional<Secret> private_key_passphrase;
  std::vector<Credential> credentials;  // further ones, tried first: an agent's keys, a prompt
  std::string base_path = "/";

  HostKeyPolicy host_key_policy = HostKeyPolicy::strict;
  // Where known keys come from. The first that is there and not empty is used, and no other: known_host_keys,
  // config["known_host_keys"], the environment's SFTP_KNOWN_HOST_KEYS (all three the text of a known_hosts file), and
  // the file host_keys_path, by default ~/.ssh/known_hosts, which alone takes new keys
  // (HostKeyPolicy::trust_on_first_use).
  std::optional<std::string> known_host_keys;
  std::optional<std::string> host_keys_path;
  std::map<std::string, std::string> config;
  std::shared_ptr<HostKeyVerifier> host_key_verifier;  // instead of all of these

  std::chrono::milliseconds timeout = std::chrono::seconds(10);  // of one attempt to connect
  // Silence that ends the connection while something is under way; none: it may last for ever.
  std::optional<std::chrono::milliseconds> io_timeout = std::chrono::seconds(120);
  std::optional<RetryPolicy> retry;  // default: RetryPolicy::usual()
  session::SessionConfig session = ClientOptions::default_session();
  SFTPClientOptions sftp;

  std::function<void(std::string_view line)> on_warning;  // safe to print; from any thread
  std::function<void(std::chrono::milliseconds)> wait;    // between attempts to connect; default: sleeps
};

class SFTPBackend final : public Backend {
 public:
  // Does no I/O. Throws std::invalid_argument for a host that is blank or odd, a key that cannot be read, times and
  // policies that make no sense.
  explicit SFTPBackend(SFTPBackendOptions options);
  ~SFTPBackend() override;  // closes

  std::string name() const override { return "sftp"; }
  CapabilitySet capabilities() const override;
  const SFTPBackendOptions& options() const;
  // For logs: what it was made with, secrets as ***.
  std::string description() const;

  bool exists(std::string_view key) override;
  bool is_file(std::string_view key) override;
  bool is_folder(std::string_view key) override;

  std::unique_ptr<ReadStream> read(std::string_view key) override;
  ByteVector read_bytes(std::string_view key) override;

  using Backend::write;
  using Backend::write_atomic;
  WriteResult write(std::string_view key, ReadStream& content, const WriteOptions& options = {}) override;
  WriteResult write_atomic(std::string_view key, ReadStream& content, const WriteOptions& options = {}) override;
  std::unique_ptr<AtomicWriter> open_atomic(std::string_view key, const WriteOptions& options = {}) override;

  void delete_(std::string_view key, bool missing_ok = false) override;
  void delete_folder(std::string_view key, bool recursive = false, bool missing_ok = false) override;

  std::vector<FileInfo> list_files(std::string_view key, const ListOptions& options = {}) override;
  std::vector<FolderEntry> list_folders(std::string_view key) override;
  std::vector<PathEntry> iter_children(std::string_view key) override;
  FileInfo get_file_info(std::string_view key) override;
  FolderInfo get_folder_info(std::string_view key) override;

  void move(std::string_view from, std::string_view to, bool overwrite = false) override;
  void copy(std::string_view from, std::string_view to, bool overwrite = false) override;

  std::string native_path(std::string_view key) const override;
  std::string to_key(std::string_view native) const override;
  ResolutionPlan resolve(std::string_view key) const override;

  void check_health() override;
  // Ends the SFTP channel and the connection. The next operation makes a new one.
  void close() noexcept override;
  bool close_is_terminal() const override { return false; }

 protected:
  // An SFTPClient, connected: valid until the connection ends, and to be used on its executor only.
  void* native_object(const std::type_info& type) override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::client
