// `hawser serve`: files over SFTP, in the foreground, by the command line or by a configuration file.
#include <fmt/format.h>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <cstdio>
#include <filesystem>

#include "config_file.h"
#include "directory_config.h"
#include "hawser/server/base_sftp_server.h"
#include "metrics.h"
#include "program_log.h"
#include "tools/commands.h"
#include "tools/connect.h"
#include "users.h"

namespace hawser::tools {
namespace {

using server::LogLevel;

server::HostKeys load_host_keys(const std::vector<std::string>& paths) {
  server::HostKeys keys;
  for (const std::string& path : paths) {
    auto key = server::host_key_from_file(path);
    if (!key) throw Failure{operation_failed, fmt::format("host key {}: {}", path, key.error().message())};
    keys.push_back(*key);
  }
  if (!keys.empty()) return keys;
  auto key = server::ephemeral_host_key();
  if (!key) throw Failure{operation_failed, "no host key could be made: " + key.error().message()};
  return {*key};
}

// What `hawser serve --check` does beyond reading the file: everything that a start would open, but nothing is made.
void check_host_keys(const ServeConfig& config) {
  transport::TransportConfig transport = config.listen.session.transport;
  for (const std::string& path : config.host_keys) {
    if (!std::filesystem::exists(path)) {
      transport.host_keys.push_back(load_host_keys({}).front());  // of the kind that a start would make
      continue;
    }
    auto key = crypto::load_private_key(path);
    if (!key) throw Failure{operation_failed, fmt::format("host key {}: {}", path, key.error().message())};
    transport.host_keys.push_back(std::make_shared<crypto::PrivateKey>(*std::move(key)));
  }
  if (const Result<void> fine = transport::check_config(Role::server, transport); !fine) {
    throw Failure{operation_failed, "listen.host_keys: " + fine.error().message()};
  }
}

class ServeProgram {
 public:
  explicit ServeProgram(const ServeOptions& options)
      : options_(options),
        from_file_(!options.config.empty()),
        config_(from_file_ ? load_config(options.config) : directory_config(options)),
        log_(std::make_shared<ProgramLog>(config_.log_level, config_.json_log)) {}

  int check() {
    check_host_keys(config_);
    UserFileSystems files = UserFileSystems::for_a_check();
    make_user_table(config_.users, files, nullptr, [](const std::string& text) { fmt::print("warning: {}\n", text); });
    fmt::print("{}: no mistakes; {} user{}\n", options_.config, config_.users.size(),
               config_.users.size() == 1 ? "" : "s");
    return success;
  }

  int run() {
    users_ = std::make_shared<Users>(load_users());
    const server::HostKeys keys = load_host_keys(config_.host_keys);
    server::BaseSFTPServer server(server_options(keys));
    asio::io_context context;
    asio::signal_set stop_signals(context, SIGTERM, SIGINT);
    asio::signal_set reload_signals(context);
    if (from_file_) reload_signals.add(SIGHUP);

    if (const Result<void> started = server.start(); !started) {
      throw Failure{operation_failed, "cannot listen: " + started.error().message()};
    }
    std::optional<MetricsPage> metrics;
    if (!config_.metrics.empty()) metrics.emplace(config_.metrics, server.manager());
    announce(keys, server);

    stop_signals.async_wait([&](const asio::error_code&, int) { reload_signals.cancel(); });
    await_reload(reload_signals, server);
    context.run();
    log_->write(LogLevel::info, "stopping");
    server.stop();
    return success;
  }

 private:
  std::shared_ptr<const UserTable> load_users() {
    if (!from_file_) return directory_users(options_);
    auto files = std::make_unique<UserFileSystems>();
    auto table = make_user_table(config_.users, *files, files_.get(),
                                 [this](const std::string& text) { log_->write(LogLevel::warning, text); });
    files_ = std::move(files);
    return table;
  }

  server::BaseSFTPServerOptions server_options(const server::HostKeys& keys) {
    server::BaseSFTPServerOptions out;
    out.listen = config_.listen;
    out.listen.host_keys = keys;
    out.listen.log = log_;
    out.listen.session.transport.make_observer = packet_log_to(options_.packet_log);
    if (config_.systemd_sockets) add_systemd_sockets(out.listen.endpoints);
    out.authenticators = {users_};
    out.file_systems = [users = users_](server::ServerConnection& connection) {
      const std::shared_ptr<const UserTable> table = users->table();
      const UserView* view = table->view(connection.user());
      return view == nullptr ? nullptr : view->files;
    };
    out.sftp_for = [users = users_, log = log_](server::ServerConnection& connection) {
      const std::shared_ptr<const UserTable> table = users->table();
      const UserView* view = table->view(connection.user());
      server::SFTPServerOptions sftp;
      sftp.read_only = true;  // of a user who has gone since
      if (view != nullptr) sftp = view->sftp;
      sftp.log = log;
      return sftp;
    };
    return out;
  }

  void add_systemd_sockets(std::vector<server::Endpoint>& endpoints) {
    auto opened = server::activated_endpoints();
    if (!opened) throw Failure{operation_failed, "the sockets of systemd: " + opened.error().message()};
    if (opened->empty()) {
      throw Failure{operation_failed,
                    "listen.addresses has \"systemd\", but systemd has opened no socket for this process"};
    }
    for (server::Endpoint& endpoint : *opened) {
      endpoint.proxy = config_.proxy;
      endpoints.push_back(std::move(endpoint));
    }
  }

  void announce(const server::HostKeys& keys, server::BaseSFTPServer& server) const {
    if (!from_file_) fmt::print("serving {}{}\n", options_.directory, options_.read_only ? " (read-only)" : "");
    for (const auto& key : keys) fmt::print("host key {}\n", key->public_key().fingerprint());
    for (const server::BoundEndpoint& endpoint : server.endpoints()) fmt::print("listening on {}\n", endpoint.address);
    if (!config_.metrics.empty()) fmt::print("metrics on http://{}/metrics\n", config_.metrics);
    std::fflush(stdout);
  }

  void await_reload(asio::signal_set& signals, server::BaseSFTPServer& server) {
    signals.async_wait([&](const asio::error_code& cancelled, int) {
      if (cancelled) return;
      reload(server);
      await_reload(signals, server);
    });
  }

  // Everything or nothing: a file with a mistake leaves all as it was.
  void reload(server::BaseSFTPServer& server) {
    try {
      ServeConfig next = load_config(options_.config);
      const server::HostKeys keys = load_host_keys(next.host_keys);
      std::swap(config_, next);
      std::shared_ptr<const UserTable> table;
      try {
        table = load_users();
        if (const Result<void> set = server.manager().set_host_keys(keys); !set) {
          throw Failure{operation_failed, "listen.host_keys: " + set.error().message()};
        }
      } catch (const Failure&) {
        std::swap(config_, next);
        throw;
      }
      users_->replace(std::move(table));
      server.manager().set_max_connections(config_.listen.connections);
      server.manager().set_auth_timeout(config_.listen.session.login_time);
      server.manager().set_connection_timeout(config_.listen.session.idle_time);
      log_->set_minimum(config_.log_level);
      for (const auto& [name, value] : config_.fixed) {
        if (const auto was = next.fixed.find(name); was != next.fixed.end() && was->second == value) continue;
        log_->write(LogLevel::warning, fmt::format("{}: changed, which takes a restart", name));
      }
      log_->write(LogLevel::info, fmt::format("{} is read again: {} users", options_.config, config_.users.size()));
    } catch (const Failure& failure) {
      for (std::string_view rest = failure.text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        log_->write(LogLevel::error, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      log_->write(LogLevel::error, options_.config + " is not taken; all is as before");
    }
  }

  const ServeOptions options_;
  const bool from_file_;
  ServeConfig config_;
  const std::shared_ptr<ProgramLog> log_;
  std::unique_ptr<UserFileSystems> files_;
  std::shared_ptr<Users> users_;
};

}  // namespace

int serve(const ServeOptions& options) {
  try {
    ServeProgram program(options);
    return options.check ? program.check() : program.run();
  } catch (const Failure& failure) {
    fmt::print(stderr, "hawser serve: {}\n", failure.text);
    return failure.exit_code;
  }
}

}  // namespace hawser::tools
