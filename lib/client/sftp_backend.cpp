// Making the backend, and what needs no connection.
#include "hawser/client/sftp_backend.h"

#include <algorithm>

#include "client/sftp_backend_state.h"
#include "hawser/client/host_name.h"

namespace hawser::client {
namespace {

SFTPBackendOptions checked(SFTPBackendOptions options) {
  if (options.host.find_first_not_of(" \t\r\n") == std::string::npos)
    throw std::invalid_argument("SFTPBackend: no host");
  if (!valid_host_name(options.host)) throw std::invalid_argument("SFTPBackend: not a host name");
  if (options.port == 0) throw std::invalid_argument("SFTPBackend: port 0");
  if (options.timeout <= std::chrono::milliseconds(0))
    throw std::invalid_argument("SFTPBackend: timeout must be positive");
  if (options.io_timeout && *options.io_timeout <= std::chrono::milliseconds(0)) {
    throw std::invalid_argument("SFTPBackend: io_timeout must be positive");
  }
  if (options.retry) options.retry->check();
  if (options.base_path.find('\0') != std::string::npos) throw std::invalid_argument("SFTPBackend: NUL in base_path");
  while (options.base_path.ends_with('/')) options.base_path.pop_back();
  if (options.base_path.empty()) options.base_path = "/";
  return options;
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

}  // namespace

SFTPBackend::SFTPBackend(SFTPBackendOptions options) : state_(std::make_unique<State>(checked(std::move(options)))) {}

SFTPBackend::~SFTPBackend() { close(); }

CapabilitySet SFTPBackend::capabilities() const {
  using enum Capability;
  return {
      read, write, delete_, list, move, copy, atomic_write, metadata, seekable_read, lazy_read, write_result_native};
}

const SFTPBackendOptions& SFTPBackend::options() const { return state_->options; }

std::string SFTPBackend::description() const {
  const SFTPBackendOptions& o = state_->options;
  const auto masked = [](const std::optional<Secret>& secret) { return secret && *secret ? "'***'" : "null"; };
  return "SFTPBackend(host=" + quoted(o.host) + ", port=" + std::to_string(o.port) +
         ", username=" + (o.username ? quoted(*o.username) : "null") + ", password=" + masked(o.password) +
         ", private_key=" + masked(o.private_key) + ", base_path=" + quoted(o.base_path) + ")";
}

std::string SFTPBackend::native_path(std::string_view key) const {
  try {
    return state_->native(RemotePath::parse(key));
  } catch (const InvalidPath&) {
    // No operation takes such a key; still there is an answer for every text.
    return (state_->options.base_path == "/" ? "" : state_->options.base_path) + "/" + std::string(key);
  }
}

std::string SFTPBackend::to_key(std::string_view native) const {
  const std::string& base = state_->options.base_path;
  if (native == base) return {};
  const std::string prefix = base == "/" ? base : base + "/";
  return std::string(native.starts_with(prefix) ? native.substr(prefix.size()) : native);
}

ResolutionPlan SFTPBackend::resolve(std::string_view key) const {
  const SFTPBackendOptions& o = state_->options;
  return {.kind = "sftp",
          .backend = name(),
          .key = std::string(key),
          .native_path = native_path(key),
          .details = {{"host", o.host}, {"port", std::to_string(o.port)}, {"base_path", o.base_path}}};
}

void SFTPBackend::check_health() {
  state_->perform("", [&](RemoteOperation& operation) {
    if (!operation.find(state_->options.base_path)) throw NotFound("the base path is missing", operation.subject());
  });
}

void SFTPBackend::close() noexcept {
  try {
    state_->link.close();
  } catch (...) {
    // Nobody is left to be told, and the connection has gone either way.
  }
}

void* SFTPBackend::native_object(const std::type_info& type) {
  if (type != typeid(SFTPClient)) return Backend::native_object(type);
  return state_->acquire("").link->sftp.get();
}

}  // namespace hawser::client
