#include "hawser/server/ssh_server_manager.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "ssh_server_manager_state.h"

namespace hawser::server {

namespace {

// At least two, so that a hook that blocks its thread does not stop everything.
unsigned thread_count(unsigned asked) {
  if (asked != 0) return asked;
  return std::clamp(std::thread::hardware_concurrency(), 2u, 4u);
}

}  // namespace

SSHServerManager::State::State(std::shared_ptr<SSHServer> server_, SSHServerOptions&& options_)
    : server(std::move(server_)),
      registry(std::make_shared<ConnectionRegistry>(options_)),
      pool(options_.session.transport.pool ? options_.session.transport.pool : BufferPool::create()),
      options(std::move(options_)) {}

session::SessionConfig SSHServerOptions::hardened_session() {
  session::SessionConfig config;
  config.transport.algorithms = crypto::AlgorithmPolicy::hardened();
  return config;
}

SSHServerManager::SSHServerManager(std::shared_ptr<SSHServer> server, SSHServerOptions options)
    : state_(std::make_shared<State>(std::move(server), std::move(options))) {}

SSHServerManager::~SSHServerManager() { stop(); }

Result<void> SSHServerManager::State::check() const {
  if (running) return Error(Errc::invalid_state, "the server is running already");
  if (options.host_keys.empty()) return Error(Errc::invalid_argument, "a server needs a host key");
  if (Result<void> usable = transport::check_config(Role::server, make_config()->transport); !usable) return usable;
  const std::vector<std::string> methods = server->authentication_methods();
  if (methods.empty()) return Error(Errc::invalid_argument, "a server needs an authentication method");
  if (std::ranges::find(methods, "none") == methods.end()) return {};
  if (!options.allow_unauthenticated) {
    return Error(Errc::invalid_argument, "the method none needs allow_unauthenticated");
  }
  log(LogLevel::warning, "clients need no authentication: anybody who reaches this server may use it");
  return {};
}

Reception::Config SSHServerManager::State::make_config() const {
  auto config = std::make_shared<session::SessionConfig>(options.session);
  config->transport.host_keys = options.host_keys;
  config->transport.pool = pool;
  config->transport.defer_public_key_work = options.public_key_threads != 0;
  config->userauth.initial_methods = server->authentication_methods();
  std::erase(config->userauth.initial_methods, "none");
  return config;
}

void SSHServerManager::State::reconfigure() {
  if (running) running->reception->use(make_config());
}

Result<SSHServerManager::State::Running> SSHServerManager::State::listen(asio::io_context& context,
                                                                         std::weak_ptr<void> loop) {
  std::vector<Endpoint> endpoints = options.endpoints;
  if (endpoints.empty()) {
    endpoints.push_back({.where = TcpEndpoint{.address = options.bind_address, .port = options.port}, .proxy = {}});
  }
  Result<std::shared_ptr<Listener>> listener = Listener::open(context, endpoints, options.log.get());
  if (!listener) return listener.error();
  SSHServerSession::Settings settings{
      .server = server,
      .registry = registry,
      .auth_failure_delay = options.auth_failure_delay,
      .log = options.log,
      .connection_protocol = options.connection_protocol,
      .public_key_threads =
          options.public_key_threads == 0 ? nullptr : std::make_shared<net::ThreadPool>(options.public_key_threads),
      .loop = std::move(loop),
      .host_keys = {}};
  Running made;
  made.context = &context;
  made.listener = std::move(*listener);
  made.reception = std::make_shared<Reception>(context, std::move(settings), make_config());
  Listener::accept(made.listener, [reception = made.reception](AcceptedSocket socket, const ListeningSocket& from) {
    reception->welcome(std::move(socket), from);
  });
  return made;
}

Result<void> SSHServerManager::start(asio::io_context& context) {
  State& s = *state_;
  const std::scoped_lock lock(s.stopping, s.mutex);
  if (Result<void> allowed = s.check(); !allowed) return allowed;
  // The loop is the caller's to keep: it is there for as long as we are.
  Result<State::Running> running = s.listen(context, s.registry);
  if (!running) return running.error();
  s.running = std::move(*running);
  return {};
}

Result<void> SSHServerManager::start() {
  State& s = *state_;
  const std::scoped_lock lock(s.stopping, s.mutex);
  if (Result<void> allowed = s.check(); !allowed) return allowed;
  std::optional<WorkerThreads> threads;
  try {
    threads.emplace(thread_count(s.options.threads));
  } catch (const std::system_error&) {
    return Error(Errc::io_error, "the system gives no threads");
  }
  Result<State::Running> running = s.listen(threads->context(), threads->keep());
  if (!running) {
    threads->end(std::chrono::steady_clock::time_point::max());
    return running.error();
  }
  running->threads = std::move(threads);
  s.running = std::move(*running);
  return {};
}

void SSHServerManager::wait() {
  std::unique_lock lock(state_->mutex);
  state_->stopped.wait(lock, [this] { return !state_->running; });
}

bool SSHServerManager::is_running() const {
  const std::lock_guard lock(state_->mutex);
  return state_->running.has_value();
}

std::vector<BoundEndpoint> SSHServerManager::endpoints() const {
  const std::lock_guard lock(state_->mutex);
  if (!state_->running) return {};
  return state_->running->listener->bound();
}

std::uint16_t SSHServerManager::port() const {
  const std::vector<BoundEndpoint> all = endpoints();
  const auto tcp = std::ranges::find_if(all, [](const BoundEndpoint& endpoint) { return endpoint.port != 0; });
  return tcp == all.end() ? std::uint16_t{0} : tcp->port;
}

Result<void> SSHServerManager::set_host_keys(HostKeys keys) {
  if (keys.empty()) return Error(Errc::invalid_argument, "a server needs a host key");
  const std::lock_guard lock(state_->mutex);
  HostKeys before = std::exchange(state_->options.host_keys, std::move(keys));
  if (Result<void> usable = transport::check_config(Role::server, state_->make_config()->transport); !usable) {
    state_->options.host_keys = std::move(before);
    return usable;
  }
  state_->reconfigure();
  return {};
}

void SSHServerManager::set_auth_timeout(std::chrono::milliseconds time) {
  const std::lock_guard lock(state_->mutex);
  state_->options.session.login_time = time;
  state_->reconfigure();
}

void SSHServerManager::set_connection_timeout(std::chrono::seconds time) {
  const std::lock_guard lock(state_->mutex);
  state_->options.session.idle_time = time;
  state_->reconfigure();
}

void SSHServerManager::set_max_connections(std::size_t connections) {
  state_->registry->set_connection_limit(connections);
}

std::size_t SSHServerManager::get_connection_count() const { return state_->registry->size(); }
ConnectionStats SSHServerManager::get_connection_stats() const { return state_->registry->connection_stats(); }
ServerStats SSHServerManager::stats() const { return state_->registry->stats(); }
std::vector<std::string> SSHServerManager::get_active_connections() const { return state_->registry->ids(); }

bool SSHServerManager::close_connection(const std::string& id) {
  const std::shared_ptr<SSHServerSession> session = state_->registry->find(id);
  if (session) session->close();
  return session != nullptr;
}

}  // namespace hawser::server
