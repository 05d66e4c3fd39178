// An SFTP server over a temporary directory, and backends that are connected to it with a password over TCP.
#pragma once

#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "hawser/client/sftp_backend.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"
#include "support/temporary_directory.h"
#include "support/test_keys.h"
#include "support/text_file.h"

namespace hawser::test {

class BackendFixture {
 public:
  // Serves `files`, where they are given, instead of the directory.
  explicit BackendFixture(std::vector<std::string> denied_requests = {},
                          std::shared_ptr<server::FileSystem> files = nullptr)
      : denied_(std::move(denied_requests)), files_(std::move(files)) {
    start();
  }

  // Again on the same port, with another host key if one is given.
  void start(const crypto::PrivateKey& key = ed25519_key()) {
    server::BaseSFTPServerOptions options;
    options.listen.host_keys = {std::make_shared<crypto::PrivateKey>(key)};
    options.listen.port = port_;
    options.listen.stop_time = std::chrono::milliseconds(100);
    options.file_system = files_ ? files_ : *server::LocalFileSystem::open(directory_.path());
    options.authenticators = {*server::Passwords::from_text("me:secret\n")};
    options.sftp.denied_requests = denied_;
    server_ = std::make_unique<server::BaseSFTPServer>(options);
    const Result<void> started = server_->start();
    REQUIRE_MESSAGE(started.has_value(), started.error().message());
    port_ = server_->port();
  }
  void stop() { server_.reset(); }
  // Ends every connection at the server's side; returns when they are gone.
  void cut() {
    server::SSHServerManager& manager = server_->manager();
    for (const std::string& id : manager.get_active_connections()) manager.close_connection(id);
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (manager.get_connection_count() != 0 && std::chrono::steady_clock::now() < patience)
      std::this_thread::yield();
    REQUIRE(manager.get_connection_count() == 0);
  }
  std::size_t connections_so_far() const { return server_->manager().get_connection_stats().total_connections; }

  client::SFTPBackendOptions options() {
    client::SFTPBackendOptions options;
    options.host = "127.0.0.1";
    options.port = port_;
    options.username = "me";
    options.password = client::Secret("secret");
    options.known_host_keys = known_hosts_line();
    options.retry = client::RetryPolicy::disabled();
    options.on_warning = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      warnings_.emplace_back(line);
    };
    return options;
  }
  std::string known_hosts_line(const crypto::PrivateKey& key = ed25519_key()) const {
    return client::KnownHosts::line("127.0.0.1", port_, key.public_key()) + "\n";
  }

  std::uint16_t port() const { return port_; }
  std::string path(const std::string& name) const { return directory_ / name; }
  void put(const std::string& name, const std::string& text) const { write_text(path(name), text); }
  std::string get(const std::string& name) const { return read_text(path(name)); }
  bool has(const std::string& name) const {
    return std::filesystem::exists(std::filesystem::symlink_status(path(name)));
  }
  // Everything below the root, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
      names.push_back(entry.path().lexically_relative(directory_.path()).generic_string());
    }
    std::ranges::sort(names);
    return names;
  }
  std::vector<std::string> warnings() const {
    const std::lock_guard lock(mutex_);
    return warnings_;
  }

 private:
  TemporaryDirectory directory_;
  std::vector<std::string> denied_;
  std::shared_ptr<server::FileSystem> files_;
  std::uint16_t port_ = 0;
  std::unique_ptr<server::BaseSFTPServer> server_;
  mutable std::mutex mutex_;
  std::vector<std::string> warnings_;
};

// The content of a stream that fails after its first bytes.
class BreakingStream final : public client::ReadStream {
 public:
  std::size_t read(MutableBytes into) override {
    if (position_ != 0) throw std::runtime_error("the source broke");
    position_ = std::min<std::size_t>(into.size(), 1000);
    return static_cast<std::size_t>(position_);
  }
  std::uint64_t tell() const override { return position_; }
  void close() override {}

 private:
  std::uint64_t position_ = 0;
};

inline std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

// What `call` throws as an `E`.
template <class E, class Call>
E thrown(Call call) {
  try {
    call();
  } catch (const E& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

}  // namespace hawser::test
