#include "config_file.h"

#include <asio/ip/address.hpp>
#include <charconv>

#include "hawser/crypto/password_hash.h"
#include "hawser/server/user_roots.h"
#include "moduli.h"
#include "toml_reader.h"
#include "tools/connect.h"

namespace hawser::tools {
namespace {

constexpr std::uint64_t many = 1'000'000;
constexpr std::uint64_t day = 24 * 60 * 60;  // in seconds

// "host:port", "[::1]:port", "unix:/path"; nullopt where the text is none of them.
std::optional<server::Endpoint> parse_endpoint(std::string_view text) {
  if (text.starts_with("unix:/")) return server::Endpoint{server::UnixEndpoint{std::string(text.substr(5))}, {}};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  server::TcpEndpoint tcp;
  tcp.address = std::string(host);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), tcp.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty() || host.empty()) return std::nullopt;
  return server::Endpoint{tcp, {}};
}

class ConfigBuilder {
 public:
  ConfigBuilder(const toml::table& root, Problems& problems) : root_(root), problems_(problems) {}

  ServeConfig build() {
    TomlReader reader(root_, "", problems_);
    section(reader, "listen", &ConfigBuilder::read_listen);
    section(reader, "algorithms", &ConfigBuilder::read_algorithms);
    section(reader, "limits", &ConfigBuilder::read_limits);
    section(reader, "log", &ConfigBuilder::read_log);
    section(reader, "metrics", &ConfigBuilder::read_metrics);
    section(reader, "defaults", &ConfigBuilder::read_defaults);
    for (const toml::table* table : reader.tables("users")) read_user(*table);
    reader.finish();
    check();
    return std::move(config_);
  }

 private:
  void section(TomlReader& reader, const char* name, void (ConfigBuilder::*read)(TomlReader&)) {
    static const toml::table nothing;
    const toml::table* table = reader.table(name);
    TomlReader inner(table != nullptr ? *table : nothing, name, problems_);
    (this->*read)(inner);
    inner.finish();
  }

  void read_listen(TomlReader& in) {
    std::vector<std::string> addresses;
    in.read("addresses", addresses);
    for (const std::string& text : addresses) {
      if (text == "systemd") {
        config_.systemd_sockets = true;
      } else if (std::optional<server::Endpoint> endpoint = parse_endpoint(text)) {
        config_.listen.endpoints.push_back(*std::move(endpoint));
      } else {
        in.refuse(
            "addresses",
            "has \"" + text + "\": expected \"192.0.2.1:2222\", \"[2001:db8::1]:2222\", \"unix:/path\" or \"systemd\"");
      }
    }
    in.read("host_keys", config_.host_keys);
    read_proxies(in);
    config_.fixed["listen.addresses"] = fmt::format("{}", fmt::join(addresses, " "));
  }

  void read_proxies(TomlReader& in) {
    std::vector<std::string> proxies;
    in.read("proxy_protocol_from", proxies);
    server::ProxyProtocol proxy;
    proxy.required = !proxies.empty();
    for (const std::string& text : proxies) {
      if (const auto range = server::AddressRange::parse(text)) {
        proxy.trusted.push_back(*range);
      } else {
        in.refuse("proxy_protocol_from", "has \"" + text + "\": expected an address, or a network like \"10.0.0.0/8\"");
      }
    }
    for (server::Endpoint& endpoint : config_.listen.endpoints) endpoint.proxy = proxy;
    config_.proxy = std::move(proxy);
    config_.fixed["listen.proxy_protocol_from"] = fmt::format("{}", fmt::join(proxies, " "));
  }

  void read_algorithms(TomlReader& in) {
    const auto list = [&](const char* key) {
      std::vector<std::string> names;
      in.read(key, names);
      return fmt::format("{}", fmt::join(names, ","));
    };
    AlgorithmOptions names{list("kex"), list("ciphers"), list("macs"), list("host_keys"), {}};
    std::uint64_t rekey_bytes = 0;
    std::string moduli;
    in.read("policy", names.policy);
    in.read_size("rekey_bytes", rekey_bytes);
    in.read("moduli", moduli);
    try {
      apply(names, rekey_bytes, config_.listen.session.transport);
      if (!moduli.empty()) config_.listen.session.transport.moduli = load_moduli(moduli);
    } catch (const Failure& failure) {
      in.refuse(failure.text);
    }
    config_.fixed["algorithms"] = fmt::format("{} {} {} {} {} {} {}", names.policy, names.kex, names.ciphers,
                                              names.macs, names.host_keys, rekey_bytes, moduli);
  }

  void read_limits(TomlReader& in) {
    server::SSHServerOptions& o = config_.listen;
    in.read("connections", o.connections, 1, many);
    in.read_seconds("login_seconds", o.session.login_time, day);
    in.read_seconds("idle_seconds", o.session.idle_time, 30 * day);
    in.read("half_open_connections", o.half_open_connections, 1, many);
    in.read("connections_per_address", o.connections_per_address, 1, many);
    in.read("authentication_attempts", o.session.userauth.attempt_limit, 1, 100);
    in.read_seconds("stop_seconds", o.stop_time, day);
    in.read("penalties", o.penalties.enabled);
    in.read("threads", o.threads, 0, 256);
    in.read("public_key_threads", o.public_key_threads, 0, 256);
    config_.fixed["limits (but for connections, login_seconds and idle_seconds)"] = fmt::format(
        "{} {} {} {} {} {} {}", o.half_open_connections, o.connections_per_address, o.session.userauth.attempt_limit,
        o.stop_time.count(), o.penalties.enabled, o.threads, o.public_key_threads);
  }

  void read_log(TomlReader& in) {
    if (const auto choice = in.read_choice("level", {"debug", "info", "warning", "error"})) {
      config_.log_level = static_cast<server::LogLevel>(*choice);
    }
    if (const auto choice = in.read_choice("format", {"text", "json"})) config_.json_log = *choice == 1;
    config_.fixed["log.format"] = config_.json_log ? "json" : "text";
  }

  void read_metrics(TomlReader& in) {
    in.read("listen", config_.metrics);
    config_.fixed["metrics.listen"] = config_.metrics;
    if (config_.metrics.empty()) return;
    const std::optional<server::Endpoint> endpoint = parse_endpoint(config_.metrics);
    const auto* tcp = endpoint ? std::get_if<server::TcpEndpoint>(&endpoint->where) : nullptr;
    std::error_code error;
    const bool loopback = tcp != nullptr && asio::ip::make_address(tcp->address, error).is_loopback() && !error;
    if (!loopback) {
      in.refuse("listen", "is \"" + config_.metrics +
                              "\": expected an address of this machine's own, \"127.0.0.1:9464\" or \"[::1]:9464\"");
    }
  }

  // Keys that [defaults] and [[users]] share.
  void read_files(TomlReader& in, FilesConfig& files, std::string& authorized_keys_file) {
    in.read("authorized_keys_file", authorized_keys_file);
    in.read("root", files.root);
    in.read("create", files.create);
    in.read("read_only", files.read_only);
    in.read_size("quota_bytes", files.quota_bytes);
    in.read_size("quota_files", files.quota_files);
    in.read_octal("umask", files.umask, 0777);
    in.read("start_directory", files.start_directory);
  }
  void read_defaults(TomlReader& in) { read_files(in, defaults_, default_keys_file_); }

  void read_user(const toml::table& table) {
    TomlReader in(table, "users", problems_);
    UserConfig user;
    user.where = in.where();
    user.files = defaults_;
    user.authorized_keys_file = default_keys_file_;
    in.read("name", user.name);
    in.read("password", user.password);
    in.read("authorized_keys", user.authorized_keys);
    read_files(in, user.files, user.authorized_keys_file);
    in.finish();
    check_user(table, user);
    config_.users.push_back(std::move(user));
  }

  void check_user(const toml::table& table, const UserConfig& user) {
    const auto wrong = [&](const std::string& text) {
      problems_.add(table, fmt::format("user \"{}\" {}", user.name, text));
    };
    if (!server::is_plain_user_name(user.name)) {
      wrong("has a name that is none: expected 1 to 64 of A-Z a-z 0-9 . _ - @ +, not beginning with . or -");
    }
    for (const UserConfig& other : config_.users) {
      if (other.name == user.name) wrong("is there already, at " + other.where);
    }
    if (!user.password.empty() && !crypto::PasswordHash::from_text(user.password)) {
      wrong("has a password that is no argon2id hash; `hawser passwd` makes one");
    }
    if (user.password.empty() && user.authorized_keys.empty() && user.authorized_keys_file.empty()) {
      wrong("could not sign in: give password, authorized_keys or authorized_keys_file");
    }
    if (!user.files.root.starts_with('/')) wrong("has no root: expected an absolute path, here or in [defaults]");
    if (!user.files.start_directory.starts_with('/')) wrong("has a start_directory that does not begin with /");
  }

  void check() {
    if (config_.listen.endpoints.empty() && !config_.systemd_sockets) {
      problems_.add("listen.addresses is missing: expected [\"127.0.0.1:2222\"] or the like");
    }
    if (config_.host_keys.empty()) {
      problems_.add("listen.host_keys is missing: expected [\"/path/of/a/key\"]; one that is not there is made");
    }
    if (config_.users.empty()) problems_.add("nobody could sign in: there is no [[users]]");
  }

  const toml::table& root_;
  Problems& problems_;
  ServeConfig config_;
  FilesConfig defaults_;
  std::string default_keys_file_;
};

}  // namespace

ServeConfig load_config(const std::string& path) {
  toml::table root;
  try {
    root = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    const toml::source_region& source = error.source();
    if (!source.begin) throw Failure{operation_failed, fmt::format("{}: {}", path, error.description())};
    throw Failure{operation_failed, fmt::format("{}:{}: {}", path, source.begin.line, error.description())};
  }
  Problems problems(path);
  ServeConfig config = ConfigBuilder(root, problems).build();
  if (!problems.lines().empty()) {
    throw Failure{operation_failed,
                  fmt::format("the configuration has {} mistake{}:\n{}", problems.lines().size(),
                              problems.lines().size() == 1 ? "" : "s", fmt::join(problems.lines(), "\n"))};
  }
  return config;
}

}  // namespace hawser::tools
